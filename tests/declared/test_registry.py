"""Which types are known: declared again they are replaced, and names and ids are kept apart."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

import logos_grammar as lg
from declared import shapes
from declared.shapes import BEGINS, ENDS, ONE, TOKENS, TWO, came_back, tried
from logos_grammar import registry
from logos_grammar.grammar.spec import spec

pytestmark = pytest.mark.usefixtures("nothing_declared")

WORD = tried('( "one" | "two" )')


def elsewhere(rules: str, *, id: int = 7500, mark: str = "x") -> str:
    """A grammar of other tokens, with these rules."""
    tokens = f"tokens: other at {id}\n    <{mark}S>\n    <{mark}E>\n    {mark}1\n    {mark}2\n"
    return tokens + rules


OTHER = elsewhere('other_word = "<xS>" ( "x1" | "x2" ) "<xE>" ;')


def test_what_is_declared_again_takes_the_place_of_the_first() -> None:
    first = lg.declare(WORD, shapes.Word)
    before = lg.Recognizer("tried")
    second = lg.declare(tried('( "one" | "two" | "three" )'), shapes.Word)
    assert (registry.named("tried"), registry.kinds()) == (second, ("tried",))
    assert first is not second
    assert came_back(shapes.Word("three")) == shapes.Word("three")
    # What was begun goes on as it began.
    assert before.accept_many([BEGINS, shapes.THREE]) == 1


def test_a_class_that_is_defined_again_is_the_same_class() -> None:
    def cell() -> type:
        @dataclass(frozen=True)
        class Cell:
            value: str

        return Cell

    old, new = cell(), cell()
    lg.declare(WORD, old)
    lg.declare(WORD, new)
    assert type(lg.decode([BEGINS, ONE, ENDS])) is new
    with pytest.raises(TypeError):
        came_back(old("one"))


def test_tokens_that_are_left_out_when_declared_again_are_forgotten() -> None:
    lg.declare(WORD + "", shapes.Word)
    assert "four" in lg.vocabulary
    lg.declare(WORD.replace("    four      the fourth\n", ""), shapes.Word)
    assert "four" not in lg.vocabulary
    assert shapes.FOUR not in lg.vocabulary


def test_a_declaration_that_fails_leaves_the_first() -> None:
    first = lg.declare(WORD, shapes.Word)
    with pytest.raises(TypeError):
        lg.declare(tried('"one"?'), shapes.Word)
    assert registry.named("tried") is first
    assert came_back(shapes.Word("two")) == shapes.Word("two")


@pytest.mark.parametrize(
    ("text", "cls", "reason"),
    [
        (WORD, shapes.OtherWord, "tried is declared already, for declared.shapes.Word"),
        (OTHER, shapes.Word, "Word is the class of tried already"),
        (
            elsewhere('y = "<yS>" ( "y1" | "y2" ) "<yE>" ;', id=7171, mark="y"),
            shapes.OtherWord,
            "7171 is the id of two of tried already, not of <yS> of y too",
        ),
        (
            OTHER.replace("x1", "one"),
            shapes.OtherWord,
            "a token of tried has the name one already",
        ),
    ],
)
def test_two_types_share_no_name_class_or_id(text: str, cls: type, reason: str) -> None:
    first = lg.declare(WORD, shapes.Word)
    with pytest.raises(ValueError, match=reason):
        lg.declare(text, cls)
    assert registry.kinds() == ("tried",)
    assert registry.named("tried") is first
    assert "x1" not in lg.vocabulary
    lg.declare(OTHER, shapes.OtherWord)
    assert registry.kinds() == ("tried", "other_word")


def test_a_rule_of_a_type_may_have_a_name_that_others_have() -> None:
    unit = 'tried = "<TriedS>" branch "<TriedE>" ;\nbranch = "one" | "two" ;'
    lg.declare(TOKENS + unit, shapes.Word)
    lg.declare(elsewhere('y = "<xS>" branch "<xE>" ;\nbranch = "x1" | "x2" ;'), shapes.OtherWord)
    assert came_back(shapes.Word("two")) == shapes.Word("two")
    assert came_back(shapes.OtherWord("x2")) == shapes.OtherWord("x2")
    assert {"tried", "y", "molecule"} <= set(spec().objects())


def test_the_vocabulary_looks_up_what_is_declared_and_stays_as_it_is() -> None:
    before = (len(lg.vocabulary), list(lg.vocabulary), lg.vocabulary.fingerprint)
    assert lg.vocabulary.declared_fingerprint == ""
    declared = lg.declare(WORD, shapes.Word)
    assert lg.vocabulary.id("two") == TWO
    assert lg.vocabulary.name(TWO) == "two"
    assert lg.vocabulary.gloss(TWO) == "the second"
    assert lg.vocabulary.text(TWO) == ""
    assert lg.vocabulary.block_of(TWO).name == "declared"
    assert "two" in lg.vocabulary
    assert TWO in lg.vocabulary
    assert 7400 not in lg.vocabulary
    assert (len(lg.vocabulary), list(lg.vocabulary), lg.vocabulary.fingerprint) == before
    assert lg.vocabulary.declared_fingerprint == declared.fingerprint


def test_the_fingerprint_is_of_the_ids_and_names_in_any_order() -> None:
    word = lg.declare(WORD, shapes.Word)
    other = lg.declare(OTHER, shapes.OtherWord)
    both = lg.vocabulary.declared_fingerprint
    assert len({both, word.fingerprint, other.fingerprint}) == 3
    registry._types.clear()
    lg.declare(OTHER.replace("<xE>\n", "<xE>  another gloss\n"), shapes.OtherWord)
    lg.declare(WORD, shapes.Word)
    assert lg.vocabulary.declared_fingerprint == both
    lg.declare(WORD.replace("four ", "vier "), shapes.Word)
    assert lg.vocabulary.declared_fingerprint != both


def test_a_declaration_leaves_the_pages_of_the_spec_as_they_are() -> None:
    before = spec()
    lg.declare(tried('"one"?'), shapes.Flag)
    after = spec()
    assert set(after.pages) - set(before.pages) == {"tried"}
    assert all(after.pages[name] is page for name, page in before.pages.items())
