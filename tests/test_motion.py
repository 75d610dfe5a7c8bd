"""Motions of exact points, and that they are undone exactly."""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logos_grammar.fixed import Fixed
from logos_grammar.motion import Motion

SMALL = st.integers(-3, 3)
QUATERNIONS = st.tuples(*[SMALL | st.integers(-1000, 1000)] * 4).filter(any)
NUMBERS = st.integers(-(10**7), 10**7) | st.integers(-(10**12), 10**12)
POINTS = st.tuples(NUMBERS, NUMBERS, NUMBERS)
ROWS = st.lists(POINTS, max_size=5)


def columns(rows: list[tuple[int, int, int]], decimals: int) -> tuple[Fixed, Fixed, Fixed]:
    x, y, z = (Fixed([row[axis] for row in rows], decimals) for axis in range(3))
    return x, y, z


@given(QUATERNIONS, POINTS, POINTS, ROWS, st.integers(0, 8))
def test_a_motion_is_undone_exactly(
    quaternion: tuple[int, int, int, int],
    centre: tuple[int, int, int],
    target: tuple[int, int, int],
    rows: list[tuple[int, int, int]],
    decimals: int,
) -> None:
    motion = Motion(quaternion=quaternion, centre=centre, target=target)
    points = columns(rows, decimals)
    moved = motion.moved(*points)
    assert {column.decimals for column in moved} == {decimals + motion.more_decimals}
    assert motion.undone(*moved) == points


@given(QUATERNIONS, st.lists(st.tuples(*[st.integers(-(10**6), 10**6)] * 6), max_size=4))
def test_turned_tensors_are_turned_back_exactly(
    quaternion: tuple[int, int, int, int], rows: list[tuple[int, ...]]
) -> None:
    motion = Motion(quaternion=quaternion)
    tensors = [Fixed([row[part] for row in rows], 4) for part in range(6)]
    assert motion.undone_tensors(motion.turned_tensors(tensors)) == tensors


@given(QUATERNIONS, st.lists(POINTS, min_size=2, max_size=5))
def test_points_keep_their_distances(
    quaternion: tuple[int, int, int, int], rows: list[tuple[int, int, int]]
) -> None:
    points = columns(rows, 3)
    moved = Motion(quaternion=quaternion).moved(*points)

    def distances(of: tuple[Fixed, ...]) -> npt.NDArray[np.float64]:
        floats = np.stack([np.asarray(column.to_float()) for column in of], axis=1)
        lengths: npt.NDArray[np.float64] = np.linalg.norm(floats[1:] - floats[:-1], axis=1)
        return lengths

    np.testing.assert_allclose(distances(moved), distances(points), rtol=1e-6, atol=2e-4)


def test_tensors_turn_with_their_points() -> None:
    """The quadratic form of a turned tensor at a turned point is that at the point."""
    motion = Motion(quaternion=(7, -2, 3, 5))
    matrix = motion.matrix()
    tensors = [Fixed([part], 6) for part in (120000, 340000, 560000, 11000, -22000, 33000)]
    xx, yy, zz, xy, xz, yz = (column.to_float()[0] for column in motion.turned_tensors(tensors))  # type: ignore[index]
    before = np.array([[0.12, 0.011, -0.022], [0.011, 0.34, 0.033], [-0.022, 0.033, 0.56]])
    after = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
    np.testing.assert_allclose(after, matrix @ before @ matrix.T, atol=1e-6)


def test_turns_onto_axes_need_no_decimal_and_there_are_24() -> None:
    turns = set()
    for w, x, y, z in product((-1, 0, 1), repeat=4):
        if any((w, x, y, z)):
            motion = Motion(quaternion=(w, x, y, z))
            if not motion.more_decimals:
                turns.add(tuple(motion.matrix().ravel()))
                assert abs(np.linalg.det(motion.matrix()) - 1) < 1e-9
    assert len(turns) == 24


@given(st.integers(0, 2**32))
def test_drawn_turns_are_rotations(seed: int) -> None:
    matrix = Motion.drawn(np.random.default_rng(seed)).matrix()
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(matrix) > 0


def test_what_cannot_be_moved_is_refused() -> None:
    with pytest.raises(ValueError, match="quaternion other than zero"):
        Motion(quaternion=(0, 0, 0, 0))
    nine = columns([(1, 2, 3)], 9)
    with pytest.raises(ValueError, match="at most 8 decimals"):
        Motion(quaternion=(1, 2, 3, 4)).moved(*nine)
    assert Motion(quaternion=(0, 0, 0, 5)).moved(*nine) == columns([(-1, -2, 3)], 9)
    far = columns([(2**62, 2**62, 0)], 0)
    with pytest.raises(ValueError, match="fit in 64 bits"):
        Motion(quaternion=(1, 2, 3, 4)).moved(*far)


def test_one_turn_is_one_motion() -> None:
    assert Motion(quaternion=(2, 0, 0, 4)) == Motion(quaternion=(1, 0, 0, 2))
