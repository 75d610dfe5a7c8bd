"""`spec` and `explain` show what this process declared."""

from __future__ import annotations

import pytest

import logos_grammar as lg
from declared.shapes import TOKENS, Words
from logos_grammar.__main__ import main
from logos_grammar.grammar.explanation import explain

UNITS = """
(* Units that are tried. *)
tried = "<TriedS>" unit* "<TriedE>" ;
    where: as_many("two", "one")
unit  = "one" | "two" ;
accepted: tried
    7168 7170 7171 7169  first and second
"""


@pytest.fixture(autouse=True)
def _units_are_declared(nothing_declared: None) -> None:
    lg.declare(TOKENS + UNITS, Words)


def test_spec_prints_rules_conditions_and_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["spec", "tried", "--no-color"]) == 0
    out = capsys.readouterr().out
    for shown in (
        "Units that are tried.",
        'tried = "<TriedS>" unit* "<TriedE>" ;',
        'where: as_many("two", "one")',
        'unit  = "one" | "two" ;',
        "first and second",
    ):
        assert shown in out
    assert main(["spec"]) == 0
    assert "tried" in capsys.readouterr().out


def test_explain_says_of_each_token_its_rule_and_meaning() -> None:
    ids = [7168, 7170, 7171, 7169]
    tokens = explain(ids).tokens
    assert [token.id for token in tokens] == ids
    assert [token.rule for token in tokens] == ["tried", "tried.unit", "tried.unit", "tried"]
    assert [token.gloss for token in tokens] == ["it begins", "the first", "the second", "it ends"]
