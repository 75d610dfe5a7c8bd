"""Odd classes and uses: what random grammars and a hostile eye found, each once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import logos_grammar as lg
from declared import shapes
from declared.process import run
from declared.shapes import BEGINS, ENDS, ONE, TOKENS, came_back, grammar, tried
from declared.test_entry_points import LIPID, install
from logos_grammar.grammar.spec import spec
from logos_grammar.grammar.trace import trace

pytestmark = pytest.mark.usefixtures("nothing_declared")


@dataclass(frozen=True)
class MaybeFlag:
    value: bool | None


@dataclass(frozen=True)
class Pause:
    long: bool


@dataclass(frozen=True)
class NumberOrPause:
    decimals: int
    value: Decimal | Pause


def test_false_comes_back() -> None:
    lg.declare(tried('( "one" "two"? )?'), MaybeFlag)
    assert came_back(MaybeFlag(False)) == MaybeFlag(False)


def test_false_is_not_none() -> None:
    lg.declare(tried('( "one" "two"* )?'), shapes.MaybeCount)
    with pytest.raises(lg.GrammarError):
        came_back(shapes.MaybeCount(False))


def test_numbers_that_could_not_be_counted_are_refused() -> None:
    rules = 'decimals ( number | pause ) "<TriedE>" ;\npause = "one" "two" "three"? ;'
    with pytest.raises(ValueError, match="as many numbers"):
        lg.declare(grammar(f'tried = "<TriedS>" {rules}'), NumberOrPause)


def test_a_class_of_the_spec_is_refused() -> None:
    with pytest.raises(TypeError):
        lg.declare(tried("amino_acid"), lg.protein.Protein)


def test_a_number_that_is_no_id_is_refused_where_it_stands() -> None:
    lg.declare(tried('( "one" | "two" )*'), shapes.Words)
    found = lg.check([BEGINS, ONE, 99999])
    assert found is not None
    assert found.position == 2


def test_numpy_ids_are_ids() -> None:
    lg.declare(tried('"one"?'), shapes.Flag)
    assert np.uint16(BEGINS) in lg.vocabulary


def test_a_class_that_needs_more_than_its_fields_is_refused() -> None:
    with pytest.raises(TypeError):
        lg.declare(tried('"one"?'), shapes.WithInitVar)


@dataclass(frozen=True)
class NoSyntax:
    value: "Foo["  # type: ignore  # noqa


@dataclass(frozen=True)
class NoAttribute:
    value: lg.nothing


@pytest.mark.parametrize("cls", [NoSyntax, NoAttribute])
def test_annotations_that_mean_nothing_are_type_errors(cls: Any) -> None:
    with pytest.raises(TypeError):
        lg.declare(tried('"one"?'), cls)


def test_what_is_encoded_is_decoded_and_what_is_too_deep_is_refused() -> None:
    lg.declare(
        grammar('tried = "<TriedS>" nested "<TriedE>" ;\nnested = "one" ( nested "two" )? ;'),
        shapes.Nest,
    )
    inner = shapes.Nested(None)
    for _ in range(98):
        inner = shapes.Nested(inner)
    assert came_back(shapes.Nest(inner)) == shapes.Nest(inner)
    with pytest.raises(lg.GrammarError, match="at most 100 deep"):
        lg.encode(shapes.Nest(shapes.Nested(inner)))


OTHER = "tokens: other at 7500\n    <OS>\n    <OE>\n    o1\n    o2\n"


def test_a_kind_may_have_the_name_of_a_rule_of_another() -> None:
    lg.declare(grammar('tried = "<TriedS>" unit "<TriedE>" ;\nunit = "one" | "two" ;'), shapes.Word)
    lg.declare(OTHER + 'unit = "<OS>" ( "o1" | "o2" ) "<OE>" ;', shapes.OtherWord)
    assert {"tried", "unit"} <= set(spec().objects())


def test_sections_of_one_name_are_kept_apart() -> None:
    lg.declare(
        grammar(
            'tried = "<TriedS>" mark "<TriedE>" ;',
            tokens=TOKENS + "tokens: mark at 7200\n    m1\n    m2\n",
        ),
        shapes.Word,
    )
    lg.declare(
        OTHER + 'tokens: mark at 7510\n    n1\n    n2\ny = "<OS>" mark "<OE>" ;', shapes.OtherWord
    )
    assert len(trace([BEGINS, 7510, ENDS])) == 1


def test_a_section_may_have_the_name_of_a_rule_of_another() -> None:
    lg.declare(grammar('tried = "<TriedS>" mark "<TriedE>" ;\nmark = "one" | "two" ;'), shapes.Word)
    lg.declare(
        OTHER + 'tokens: mark at 7510\n    n1\n    n2\ny = "<OS>" mark "<OE>" ;', shapes.OtherWord
    )
    assert len(trace([7500, 7510, 7501])) == 3


def test_no_page_of_the_spec_is_replaced() -> None:
    with pytest.raises(ValueError, match="common is a page of the spec"):
        lg.declare(grammar('common = "<TriedS>" ( "one" | "two" ) "<TriedE>" ;'), shapes.Word)
    assert spec().pages["common"].rules[0].name == "index"


def test_an_id_that_is_none_in_an_example_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="70000"):
        lg.declare(tried('"one"?') + "accepted: tried\n    70000", shapes.Flag)


def test_spec_shows_an_installed_type(tmp_path: Path) -> None:
    path = install(tmp_path / "one", "fats", {"lipid": LIPID}, {"lipid": "fats.lipid"})
    for arguments in (("spec",), ("spec", "lipid")):
        status, out, err = run("-m", "logos_grammar", *arguments, folder=tmp_path, path=path)
        assert status == 0, err
        assert "lipid" in out
