"""Columns: what every class of columns can do, on one that has every sort of them."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, fields, replace
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given

from logos_grammar.columns import Columns, Words
from logos_grammar.columns.strategies import columns
from logos_grammar.fixed import Fixed
from logos_grammar.molecule import Molecule


class Points(Columns):
    number: npt.NDArray[np.uint16]
    height: Fixed
    name: Words
    special: npt.NDArray[np.bool_] | None = None
    depth: Fixed | None = None
    group: Words | None = None


class Graph(Columns):
    charge: Annotated[npt.NDArray[np.int8], "atom"]
    mass: Annotated[npt.NDArray[np.int64] | None, "atom"] = None
    begin: Annotated[npt.NDArray[np.uint32], "bond"]


class Scene(Columns):
    points: Points
    graph: Graph | None = None
    weight: npt.NDArray[np.uint8]


POINTS = Points(
    number=np.array([1, 2, 65_535], np.uint16),
    height=Fixed.from_text(["0.50", "1.25", "-3.00"]),
    name=Words(["b", "a", "b"]),
)


def test_an_example_reads_as_it_says() -> None:
    assert repr(POINTS) == "Points(3 rows: number, height, name)"
    assert len(POINTS) == 3
    assert POINTS.special is None
    assert POINTS.number.dtype == np.uint16
    assert POINTS[1:] == POINTS[POINTS.number > 1] == POINTS[[1, 2]]
    assert Points.concatenate([POINTS[:1], POINTS[1:]]) == POINTS
    assert POINTS[-1].height == Fixed.from_text("-3.00")
    assert (POINTS[0].number, POINTS[0].name, POINTS[0].special) == (1, "b", None)
    assert POINTS[POINTS.name == "b"].name == Words(["b", "b"])
    assert [row.number for row in POINTS] == [1, 2, 65_535]
    declared = ["number", "height", "name", "special", "depth", "group"]
    assert [field.name for field in fields(Points)] == declared


@pytest.mark.parametrize("cls", [Points, Graph, Scene])
def test_nothing_is_lost(cls: type[Columns]) -> None:
    @given(columns(cls))
    def law(value: Any) -> None:
        held = {field.name: getattr(value, field.name) for field in fields(cls)}  # type: ignore[arg-type]
        for twin in (
            cls(**held),
            cls._of_bytes(value._bytes),
            pickle.loads(pickle.dumps(value)),
            copy.deepcopy(value),
            replace(value),
        ):
            assert twin == value
            assert hash(twin) == hash(value)
            assert twin._bytes == value._bytes
            for name, column in held.items():
                other = getattr(twin, name)
                assert (
                    np.array_equal(other, column)
                    if isinstance(column, np.ndarray)
                    else (other == column)
                )
                assert getattr(other, "dtype", None) == getattr(column, "dtype", None)

    law()


@given(columns(Points), columns(Points))
def test_columns_are_equal_when_all_their_cells_are(a: Points, b: Points) -> None:
    def cells(points: Points) -> Any:
        optional = (points.special, points.depth, points.group)
        present = [None if each is None else [*each] for each in optional]
        decimals = points.depth and points.depth.decimals
        return [*points.number], points.height, [*points.name], present, decimals

    assert (a == b) == (cells(a) == cells(b))


@given(columns(Points))
def test_rows_taken_and_put_together_are_the_whole(points: Points) -> None:
    middle = len(points) // 2
    assert Points.concatenate([points[:middle], points[middle:]]) == points
    assert points[np.arange(len(points))[::-1]][::-1] == points
    assert points[np.ones(len(points), np.bool_)] == points
    for row, cells in enumerate(points):
        assert cells.number == points.number[row]
        assert cells.height == points.height[row]
        assert cells.name == points.name[row]


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"number": [1, 2]}, ValueError, "one length, not 2 number, 3 height"),
        ({"number": [1, 2, 65_536]}, ValueError, r"uint16, not 65536 .* in number\[2\]"),
        ({"number": [1, -1, 0]}, ValueError, r"not -1 .* in number\[1\]"),
        ({"number": [1.0, 2.5, 3.0]}, ValueError, r"not 2.5 .* in number\[1\]"),
        ({"number": [[1, 2, 3]]}, ValueError, "one dimension"),
        ({"number": ["a", "b", "c"]}, TypeError, r"in number\[0\]"),
        ({"number": [1, None, 3]}, TypeError, r"in number\[1\]"),
        ({"number": [1, 2, 2**70]}, ValueError, "number as uint16, not integers beyond 64"),
        ({"number": [1, 2, float("nan")]}, ValueError, r"not nan .* in number\[2\]"),
        ({"special": [2, 0, 1]}, ValueError, r"bool, not 2 .* in special\[0\]"),
        ({"height": [1, 2, 3]}, TypeError, "height as Fixed, not list"),
        ({"height": Fixed.from_text("1")}, ValueError, "one dimension, not one number"),
        ({"name": ["a", "b", "c"]}, TypeError, "name as Words, not list"),
        ({"name": Words(["a"])}, ValueError, "one length, not 3 number, 1 name"),
        ({"depths": None}, TypeError, "no column depths, only number"),
        ({"number": None}, TypeError, "needs the column number"),
    ],
)
def test_what_a_column_cannot_hold_is_refused_with_its_cell(
    changes: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        replace(POINTS, **changes)


def test_a_column_that_lacks_is_named() -> None:
    with pytest.raises(TypeError, match="Points needs the column height"):
        Points(number=POINTS.number, name=POINTS.name)  # type: ignore[call-arg]


def test_nothing_can_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        POINTS.number = POINTS.number  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        POINTS.number[0] = 3
    with pytest.raises(ValueError, match="WRITEABLE"):
        POINTS.number.flags.writeable = True
    with pytest.raises(ValueError, match="read-only"):
        POINTS.height.scaled[0] = 3
    with pytest.raises(ValueError, match="read-only"):
        POINTS.name.codes[0] = 3


def test_parts_that_differ_are_refused_with_the_column_and_the_part() -> None:
    special = replace(POINTS, special=np.array([True, False, True]))
    with pytest.raises(ValueError, match="not part 0 in column special"):
        Points.concatenate([POINTS, special])
    finer = replace(POINTS, height=POINTS.height.rescaled(3))
    with pytest.raises(ValueError, match="2 decimals as in part 0, not 3 in part 1"):
        Points.concatenate([POINTS, finer])
    with pytest.raises(ValueError, match="at least one part"):
        Points.concatenate([])


def test_several_tables_are_not_sliced() -> None:
    molecule = Molecule.from_smiles("CCO")
    with pytest.raises(TypeError, match="one table to be sliced; Molecule has atoms and bonds"):
        molecule[:2]
    with pytest.raises(TypeError, match="concatenated"):
        Molecule.concatenate([molecule, molecule])
    with pytest.raises(IndexError, match="a row below 3"):
        POINTS[3]


def test_a_class_that_declares_no_columns_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Floats\.x as npt\.NDArray of integers"):

        class Floats(Columns):
            x: npt.NDArray[np.float64]

    with pytest.raises(TypeError, match="to declare a column"):

        class Nothing(Columns):
            pass

    with pytest.raises(TypeError, match="first column of Late not to be optional"):

        class Late(Columns):
            x: npt.NDArray[np.uint8] | None = None

    with pytest.raises(TypeError, match="side by side"):

        class Mixed(Columns):
            a: Annotated[npt.NDArray[np.uint8], "atom"]
            b: Annotated[npt.NDArray[np.uint8], "bond"]
            c: Annotated[npt.NDArray[np.uint8], "atom"]

    with pytest.raises(TypeError, match="without both"):

        class Half(Columns):
            a: npt.NDArray[np.uint8]
            b: npt.NDArray[np.uint8] | None


def test_tables_may_lie_in_each_other() -> None:
    scene = Scene(points=POINTS, weight=np.ones(1, np.uint8))
    assert scene.points == POINTS
    assert scene.graph is None
    whole = replace(
        scene, graph=Graph(charge=np.array([1, -1], np.int8), begin=np.zeros(1, np.uint32))
    )
    assert whole != scene
    assert whole.graph is not None
    assert whole.graph.charge.tolist() == [1, -1]
    assert repr(whole) == "Scene(1 row: points, graph, weight)"
