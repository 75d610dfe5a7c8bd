"""`python -m logos_grammar export`: the rules in the notations of xgrammar and llguidance.

Whether those engines then read what we read is for `tests/differential` to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

import logos_grammar as lg
from logos_grammar.__main__ import main
from logos_grammar.grammar.export import to_llguidance, to_xgrammar
from logos_grammar.grammar.spec import spec

KINDS = (None, *spec().kinds())

each_kind = pytest.mark.parametrize("kind", KINDS)


def rules_of(text: str) -> dict[str, str]:
    """The rules of an exported text by their names, without comments."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return dict(re.split(r" ::= |: ", line, maxsplit=1) for line in lines)


def test_a_protein_is_written_for_llguidance() -> None:
    assert rules_of(to_llguidance("protein")) == {
        "start": "protein",
        "protein": "<[32]> (<[48-75]> | <[144]> "
        "character (character (character (character character?)?)?)? <[145]>)* <[33]>",
        "character": "<[146-181]>",
    }


def test_a_protein_is_written_for_xgrammar() -> None:
    residues = ", ".join(map(str, range(48, 76)))
    characters = ", ".join(map(str, range(146, 182)))
    assert rules_of(to_xgrammar("protein")) == {
        "root": "protein",
        "protein": f"Token(32) (Token({residues}) | Token(144) "
        "character (character (character (character character?)?)?)? Token(145))* Token(33)",
        "character": f"Token({characters})",
    }


def test_a_rule_that_ends_in_itself_is_written_as_a_repetition() -> None:
    chain = rules_of(to_llguidance("molecule"))["chain"]
    assert chain == "atom ((<[195]> <[224-233]>? chain <[196]>)* <[224-233]>? atom)*"


@each_kind
def test_every_rule_that_is_named_is_written_once(kind: str | None) -> None:
    for text in (to_xgrammar(kind), to_llguidance(kind)):
        rules = rules_of(text)
        assert text.count("\n") == text.count("\n#") + 1 + len(rules)
        for body in rules.values():
            assert set(re.findall(r"\b[a-z_]+\b", body)) <= set(rules)


@each_kind
def test_both_are_the_same_but_for_their_terminals(kind: str | None) -> None:
    def plain(text: str) -> dict[str, str]:
        return {
            {"root": "start"}.get(name, name): re.sub(r"Token\([\d, ]+\)|<\[[\d,-]+\]>", "T", body)
            for name, body in rules_of(text).items()
        }

    assert plain(to_xgrammar(kind)) == plain(to_llguidance(kind))


def test_both_name_the_same_ids_and_all_that_sentences_have() -> None:
    listed = set(map(int, re.findall(r"\d+", "".join(rules_of(to_xgrammar()).values()))))
    runs = re.findall(r"(\d+)-?(\d*)", "".join(rules_of(to_llguidance()).values()))
    assert listed == {id for a, b in runs for id in range(int(a), int(b or a) + 1)}
    assert all(id in lg.vocabulary for id in listed)
    for kind in spec().objects():
        for example in spec().pages[kind].accepted:
            assert listed.issuperset(example.ids)


@each_kind
def test_the_conditions_that_are_left_out_are_told(kind: str | None) -> None:
    text = to_xgrammar(kind)
    for name in spec().objects() if kind is None else (kind,):
        for rule in spec().page(name).rules:
            assert f"\n# {' '.join(rule.text.split())}\n" in text
            for condition in rule.conditions:
                assert f"\n#     where: {condition}\n" in text
    assert lg.vocabulary.fingerprint in text


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(ValueError, match=r"expected one of antibody, .*, found unicorn"):
        to_xgrammar("unicorn")


@pytest.mark.parametrize(
    ("engine", "write"), [("xgrammar", to_xgrammar), ("llguidance", to_llguidance)]
)
def test_the_command_prints_them(
    capsys: pytest.CaptureFixture[str], engine: str, write: Callable[[str | None], str]
) -> None:
    for kind in KINDS:
        assert main(["export", "--to", engine, *([kind] if kind else [])]) == 0
        assert capsys.readouterr().out == write(kind)
