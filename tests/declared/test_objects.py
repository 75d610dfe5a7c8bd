"""What objects hold comes back: each kind of part, and each kind of class."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

import logos_grammar as lg
from declared import shapes
from declared.shapes import BEGINS, ENDS, ONE, THREE, TWO, came_back, grammar, tried

pytestmark = pytest.mark.usefixtures("nothing_declared")

KINDS_OF_PARTS: list[tuple[str, Any, list[int]]] = [
    ('( "one" | "two" )', shapes.Word("two"), [TWO]),
    ('"one".."three"', shapes.Word("three"), [THREE]),
    ("amino_acid", shapes.Word("Gly"), [lg.vocabulary.id("Gly")]),
    ('"one"?', shapes.Flag(True), [ONE]),
    ('"one"?', shapes.Flag(False), []),
    ('( "one" "two" )?', shapes.Flag(True), [ONE, TWO]),
    ('"one"*', shapes.Count(0), []),
    ('( "one" "two" )*', shapes.Count(2), [ONE, TWO, ONE, TWO]),
    ("index", shapes.Count(0), [lg.vocabulary.id("#0")]),
    ('"one" index "two"', shapes.Count(7), [ONE, lg.vocabulary.id("#7"), TWO]),
    ('( "one" | "two" )*', shapes.Words(("one", "two", "one")), [ONE, TWO, ONE]),
    ('( "one" "two"? )*', shapes.Flags((True, False)), [ONE, TWO, ONE]),
    ('( "one" "two"* )*', shapes.Counts((0, 2)), [ONE, ONE, TWO, TWO]),
    ('( "one" "two"* )?', shapes.MaybeCount(0), [ONE]),
    ('( "one" "two"* )?', shapes.MaybeCount(None), []),
    ('( "one" ( "two" | "three" )* )?', shapes.MaybeWords(()), [ONE]),
    ('( "one" ( "two" | "three" )* )?', shapes.MaybeWords(None), []),
    ('( "one" | index | "two" )', shapes.WordOrIndex("two"), [TWO]),
    ('( "one" | index | "two" )', shapes.WordOrIndex(1), [lg.vocabulary.id("#1")]),
    ("component_name", shapes.Word("A"), [lg.vocabulary.id("'A")]),
    ("( protein | molecule )", shapes.Texts(lg.protein.Protein("")), [32, 33]),
]


@pytest.mark.parametrize(("parts", "thing", "within"), KINDS_OF_PARTS)
def test_each_kind_of_part_comes_back(parts: str, thing: Any, within: list[int]) -> None:
    lg.declare(tried(parts), type(thing))
    assert lg.encode(thing).tolist() == [BEGINS, *within, ENDS]
    back = came_back(thing)
    assert back == thing
    assert type(back.value) is type(thing.value)


@pytest.mark.parametrize(
    ("cls", "thing"),
    [
        (shapes.Inherited, shapes.Inherited(True, 4)),
        (shapes.ByName, shapes.ByName()),
        (shapes.ByName, shapes.ByName(value=False, times=0)),
    ],
)
def test_fields_may_be_inherited_named_or_have_defaults(cls: type, thing: Any) -> None:
    lg.declare(tried('"one"? "two"*'), cls)
    assert came_back(thing) == thing


def test_only_what_is_given_to_a_class_is_a_field() -> None:
    lg.declare(tried('"one"?'), shapes.WithMore)
    assert came_back(shapes.WithMore(True)) == shapes.WithMore(True)


def test_a_choice_of_rules_is_told_apart_by_class() -> None:
    lg.declare(
        grammar(
            'tried = "<TriedS>" ( pause | times | mark )* "<TriedE>" ;\n'
            'pause = "one" "two" ;\ntimes = "three" "two"* ;\nmark = "four" "two"? ;'
        ),
        shapes.Several,
    )
    thing = shapes.Several((shapes.Nothing(), shapes.Count(2), shapes.Flag(True), shapes.Nothing()))
    assert came_back(thing) == thing


@pytest.mark.parametrize(
    ("decimals", "value"),
    [
        (0, "0"),
        (0, "-0"),
        (2, "-0.00"),
        (3, "-0.001"),
        (3, "1E+3"),
        (3, "1.234000000000000000000000000000000000"),
        (9, "999999999.999999999"),
        (9, "-999999998.999999999"),
        (0, "-999999999"),
        (9, "-1E-9"),
        (9, "0E-400"),
        (10, "999999999.9999999999"),
        (10, "-1E-10"),
        (0, "0E+999999"),
    ],
)
def test_a_number_is_exact(decimals: int, value: str) -> None:
    lg.declare(tried("decimals number*"), shapes.Numbers)
    thing = shapes.Numbers(decimals, (Decimal(value), Decimal(value)))
    back = came_back(thing)
    assert back == thing
    assert back.value[0].as_tuple().exponent == -decimals


def test_without_decimals_a_number_is_whole() -> None:
    lg.declare(tried("number"), shapes.Number)
    whole, half = shapes.Number(Decimal(-1234)), shapes.Number(Decimal("0.5"))
    assert came_back(whole) == whole
    with pytest.raises(
        lg.GrammarError, match="expected a whole number, as there are no `decimals`"
    ):
        came_back(half)


WRONG: list[tuple[str, Any, int, str]] = [
    ('( "one" | "two" )', shapes.Word("six"), 1, "one of one, two"),
    ('( "one" | "two" )', shapes.Word(["one"]), 1, "one of one, two"),  # type: ignore[arg-type]
    ('"one"?', shapes.Flag(1), 1, "True or False"),  # type: ignore[arg-type]
    ('"one"?', shapes.Flag(None), 1, "True or False"),  # type: ignore[arg-type]
    ('"one"*', shapes.Count(-1), 1, "how many, from 0 on"),
    ('"one"*', shapes.Count(True), 1, "how many, from 0 on"),
    ("index", shapes.Count(-1), 1, "a whole number from 0 to 999,999,999"),
    ("positive", shapes.Count(0), 1, "a whole number from 1 to 999,999,999"),
    ("index", shapes.Count(1_000_000_000), 1, "a whole number from 0 to 999,999,999"),
    ("index", shapes.Count(True), 1, "an int"),
    ("index", shapes.Count(1.0), 1, "an int"),  # type: ignore[arg-type]
    ('( "one" | "two" )*', shapes.Words(["one"]), 1, "a tuple"),  # type: ignore[arg-type]
    ('( "one" | "two" )*', shapes.Words(("one", "six")), 2, "one of one, two"),
    ('( "one" | index | "two" )', shapes.WordOrIndex(True), 1, "one of"),
    ("component_name", shapes.Word("TOOLONG"), 1, "one to five capitals and digits"),
    ("component_name", shapes.Word(""), 1, "one to five capitals and digits"),
    ("decimals number*", shapes.Numbers(11, ()), 1, "how many decimals, 0 to 10"),
    ("decimals number*", shapes.Numbers(1, (Decimal("0.15"),)), 2, "at most 1 decimals"),
    ("decimals number*", shapes.Numbers(1, (Decimal("NaN"),)), 2, "a finite Decimal"),
    ("decimals number*", shapes.Numbers(1, (1.5,)), 2, "a finite Decimal"),  # type: ignore[arg-type]
    (
        "decimals number*",
        shapes.Numbers(0, (Decimal(10**9),)),
        2,
        "from -999,999,999 to below 1,000,000,000",
    ),
    (
        "decimals number*",
        shapes.Numbers(1, (Decimal("-999999999.5"),)),
        2,
        "from -999,999,999 to below 1,000,000,000",
    ),
    (
        "decimals number*",
        shapes.Numbers(1, (Decimal("1E+999999"),)),
        2,
        "from -999,999,999 to below 1,000,000,000",
    ),
    ("decimals number*", shapes.Numbers(1, (Decimal("1E-999999"),)), 2, "at most 1 decimals"),
    ("( protein | molecule )", shapes.Texts(None), 1, "one of"),  # type: ignore[arg-type]
    ("( protein | molecule )", shapes.Texts(lg.protein.Protein("1")), 1, "a Protein that can be"),
]


@pytest.mark.parametrize(("parts", "thing", "position", "wanted"), WRONG)
def test_a_wrong_value_is_refused_where_it_stands(
    parts: str, thing: Any, position: int, wanted: str
) -> None:
    lg.declare(tried(parts), type(thing))
    with pytest.raises(lg.GrammarError, match=wanted) as refused:
        lg.encode(thing)
    assert refused.value.position == position


def test_what_a_condition_forbids_is_refused_with_the_condition() -> None:
    lg.declare(
        tried('( "one" | "two" )*') + '    where: as_many("two", "one")\n',
        shapes.Words,
    )
    with pytest.raises(lg.GrammarError) as refused:
        came_back(shapes.Words(("one", "two", "two")))
    assert (refused.value.position, refused.value.condition) == (3, 'as_many("two", "one")')


@pytest.mark.parametrize("depth", [1, 50, 99])
def test_objects_may_hold_their_own_class(depth: int) -> None:
    lg.declare(NEST, shapes.Nest)
    thing = shapes.Nest(nested(depth))
    assert came_back(thing) == thing


def test_what_nests_deeper_than_100_is_refused() -> None:
    lg.declare(NEST, shapes.Nest)
    deep = 101
    with pytest.raises(lg.GrammarError, match="at most 100 deep"):
        came_back(shapes.Nest(nested(deep)))
    ids = np.array([BEGINS] + [ONE] * deep + [TWO] * (deep - 1) + [ENDS], np.uint16)
    assert lg.check(ids) is None
    with pytest.raises(lg.GrammarError, match="at most 100 deep"):
        lg.decode(ids)


NEST = grammar('tried = "<TriedS>" nested "<TriedE>" ;\nnested = "one" ( nested "two" )? ;')


def nested(depth: int) -> shapes.Nested:
    """An object within an object, so many of them."""
    inner = shapes.Nested(None)
    for _ in range(depth - 1):
        inner = shapes.Nested(inner)
    return inner
