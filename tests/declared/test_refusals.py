"""Whatever declare refuses, it refuses with the reason, and knows no more than before."""

from __future__ import annotations

from typing import Any

import pytest

import logos_grammar as lg
from declared import shapes
from declared.shapes import LABELS, TOKENS, grammar, tried
from logos_grammar import registry

pytestmark = pytest.mark.usefixtures("nothing_declared")

OF_LABELS = """
    where: lowest_free(begun, ended, unit)
    where: opened(ended, begun)
    where: closes_within(begun, ended, tried)
"""
UNITS = f'tried = "<TriedS>" unit* "<TriedE>" ;{OF_LABELS}'

TEXTS = {
    "nothing at all": ("", "expected a rule"),
    "no rule": (TOKENS, "expected a rule"),
    "no tokens of its own": ('tried = "C" ;', "expected a section `tokens: NAME at 7168`"),
    "a section without an id": ("tokens: tried\n    one\n", "expected `tokens: NAME at ID`"),
    "a section without tokens": ("tokens: tried at 7168\n", "expected tokens in the section"),
    "an id below the room": ("tokens: t at 7167\n    one\n", "expected an id from 7168 to 8191"),
    "an id above the room": ("tokens: t at 8192\n    one\n", "expected an id from 7168 to 8191"),
    "more tokens than room": ("tokens: t at 8191\n    t{1..2}\n", "expected ids below 8192"),
    "an id that is taken": (
        "tokens: t at 7168\n    one\n    two\ntokens: u at 7169\n    three\n",
        "7169 is the id of two already",
    ),
    "a token of the spec": ("tokens: t at 7168\n    C\n", 'has the name "C" already'),
    "a token twice": ("tokens: t at 7168\n    one\n    one\n", 'has the name "one" already'),
    "a name with a blank": ("tokens: t at 7168\n    one two\n", "without blanks or quotes"),
    "a range backwards": ("tokens: t at 7168\n    t{3..1}\n", "expected a range such as"),
    "a block of the spec": ("tokens: bond at 7168\n    one\n", "a block has the name bond already"),
    "a section in capitals": ("tokens: T at 7168\n    one\n", "expected a name in small letters"),
    "no token of that name": (tried('"five"'), 'no token has the name "five"'),
    "no rule of that name": (tried("five"), "five is no rule and no block"),
    "no end of a rule": (grammar('tried = "<TriedS>"'), "expected ;"),
    "no end of a parenthesis": (tried('( "one"'), "expected )"),
    "no end of a comment": (tried("(*"), "this comment never ends"),
    "no end of a token": (grammar('tried = "<TriedS> ;'), "this quotation mark is never closed"),
    "an empty option": (tried('( "one" | )'), "expected a token, a rule or a parenthesis"),
    "a span backwards": (tried('"two".."one"'), "whose second token has the higher id"),
    "parentheses without end": (tried("(" * 500 + '"one"' + ")" * 500), "expected at most 16"),
    "a rule twice": (tried('"one"?') + "tried = two ;", "stands twice"),
    "an object of the spec": (
        grammar('protein = "<TriedS>" "<TriedE>" ;'),
        "protein is a name of the spec",
    ),
    "a section that is a rule": (
        grammar('tried = "<TriedS>" begun ;\nbegun = "one" ;', tokens=TOKENS + LABELS),
        "begun is a rule and cannot be a section too",
    ),
    "two tokens to decide": (tried('"one"? "one"'), "one token does not decide what one begins"),
    "a choice of one token": (tried('( "one" | "one" "two" )'), "one token does not decide"),
    "another's beginning": (grammar("tried = protein ;"), "must begin with a token of its own"),
    "nothing at the end": (grammar('tried = "<TriedS>" "one"* ;'), "must end with a token after"),
    "what may be empty": (grammar('tried = "<TriedS>"? ;'), "tried may be empty"),
    "itself at its beginning": (
        tried("unit") + 'unit = unit "one" | "two" ;',
        "a rule uses itself at its beginning",
    ),
    "no end of itself": (grammar('tried = "<TriedS>" tried "<TriedE>" ;'), "comes to an end"),
    "rules without end": (
        tried("r0") + "\n".join(f"r{n} = r{n + 1} r{n + 1} ;" for n in range(30)) + 'r30 = "one" ;',
        "too large",
    ),
}


def labelled(unit: str, *, rules: str = UNITS) -> str:
    """A grammar of units with labels."""
    return grammar(f"{rules}unit = {unit} ;", tokens=TOKENS + LABELS)


CONDITIONS = {
    "none of the list": (tried('"one"?') + "    where: unique(one)", "expected one of lowest_free"),
    "of the spec's own rules": (
        tried('"one"?') + "    where: unjoined(ring_close, ring_open, atom)",
        "expected one of lowest_free, opened, in_turn, closes_within, as_many",
    ),
    "no condition": (tried('"one"?') + "    where: as_many", "expected a condition such as"),
    "one of three": (
        labelled('"one" begun?').replace("    where: lowest_free(begun, ended, unit)\n", ""),
        "expected lowest_free",
    ),
    "no such block": (
        labelled('"one" begun?').replace("(ended, begun)", "(ending, begun)"),
        "expected it to be about begun and ended",
    ),
    "no such rule": (
        labelled('"one" begun?').replace("ended, tried)", "ended, nowhere)"),
        "no rule has the name nowhere",
    ),
    "no such token": (
        tried('"one"*') + '    where: as_many("one", "five")',
        "expected two tokens of its own",
    ),
    "too few arguments": (tried('"one"*') + '    where: as_many("one")', "expected 2 arguments"),
    "nothing that closes": (labelled('"one" begun?'), "could not always be closed"),
    "no way back to what closes": (
        labelled('"one" begun*', rules=UNITS.replace("unit*", "unit ended?")),
        "stands outside of its rules",
    ),
    "what opens when it must": (labelled('"one" begun ended'), "must be optional"),
    "nothing that matches": (
        tried('"one"* "two"?') + '    where: as_many("two", "one")',
        "could not always be closed or matched",
    ),
    "two debts on the same rules": (
        tried('( "one" | "two" | "three" | "four" )*')
        + '    where: as_many("two", "one")\n    where: as_many("four", "three")',
        "another such condition on the same rules",
    ),
    "a debt in what uses itself": (
        labelled('"one" ( begun | ended )? ( "two" unit* "three" )?'),
        "in a rule that uses itself",
    ),
}


@pytest.mark.parametrize(("text", "reason"), TEXTS.values(), ids=TEXTS)
def test_what_is_no_grammar_is_refused_with_the_reason(text: str, reason: str) -> None:
    refused(text, shapes.Word, ValueError, reason)


@pytest.mark.parametrize(("text", "reason"), CONDITIONS.values(), ids=CONDITIONS)
def test_conditions_that_cannot_be_kept_are_refused_with_the_reason(text: str, reason: str) -> None:
    refused(text, shapes.Word, ValueError, reason)


CLASSES: dict[str, tuple[str, Any, str]] = {
    "no class": ('"one"?', 3, "expected a dataclass for the rule tried, not 3"),
    "no dataclass": ('"one"?', int, "expected a dataclass for the rule tried"),
    "an object": ('"one"?', shapes.Flag(True), "expected a dataclass for the rule tried"),
    "too few fields": ('"one"? "two"?', shapes.Flag, "each of the 2 parts of the rule tried"),
    "too many fields": ('"one"?', shapes.ByName, "each of the 1 parts of the rule tried"),
    "a field for nothing": ('"one" "two"', shapes.Flag, "each of the 0 parts of the rule tried"),
    "no field": ('"one"?', shapes.Nothing, "each of the 1 parts of the rule tried"),
    "an unknown class": ('"one"?', shapes.Unknown, "cannot resolve the annotations of Unknown"),
    "no bool": ('"one"?', shapes.Word, "Word.value: expected the annotation bool, not str"),
    "no int for a count": ('"one"*', shapes.Word, "expected the annotation int, not str"),
    "no int for an index": ("index", shapes.Flag, "expected the annotation int, not bool"),
    "no Decimal": ("number", shapes.Count, "expected the annotation Decimal, not int"),
    "no Molecule": ("molecule", shapes.Word, "expected the annotation Molecule, not str"),
    "no str": ('( "one" | "two" )', shapes.Flag, "expected the annotation str, not bool"),
    "no None": ('( "one" | "two" )?', shapes.Word, "expected the annotation … | None"),
    "no tuple": ('( "one" | "two" )*', shapes.Word, "expected the annotation tuple"),
    "a list": ('( "one" | "two" )*', shapes.Listed, "expected the annotation tuple"),
    "no union": ("( protein | molecule )", shapes.Word, "expected … | … for a choice"),
    "two of one class": ("( index | number )", shapes.WordOrIndex, "expected"),
    "parts in parentheses": ("( index index )*", shapes.Counts, "expected a rule for them"),
    "nothing or nothing": ('( "one"? )?', shapes.Flag, "may be empty: expected one that is not"),
    "nothing or something": ('( "one"? | "two" "three" )', shapes.Word, "may be empty"),
}


@pytest.mark.parametrize(("parts", "cls", "reason"), CLASSES.values(), ids=CLASSES)
def test_classes_that_are_not_the_parts_are_refused_with_the_reason(
    parts: str, cls: Any, reason: str
) -> None:
    refused(tried(parts), cls, TypeError, reason)


def test_a_rule_that_uses_itself_needs_a_class() -> None:
    text = tried("unit") + 'unit = "one" ( unit "two" )? ;'
    refused(text, shapes.MaybeCount, TypeError, "unit uses itself: expected a dataclass")


EXAMPLES = {
    "accepted: tried\n    7168 7169": "to be accepted: unexpected <TriedE> at token 1",
    "accepted: tried\n    7168 7170": "to be accepted: cut short at token 2",
    "accepted: other\n    7168 7170 7169": "expected examples of tried, not of other",
    "accepted: tried\n    7168, 7170": "expected an example, found '7168, 7170'",
    "accepted: tried\n    nothing": "expected an example, found 'nothing'",
    "refused: tried\n    7168 7170 7169  at 2: expected": "found a sentence",
    "refused: tried\n    7168 7169  at 0: expected": "to be refused at (0, 'expected')",
    "refused: tried\n    7168 7169  at 1: opened(a, b)": "to be refused at (1, 'opened(a, b)')",
    "refused: tried\n    7168 7169": "expected `at N: reason`",
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_that_are_not_what_they_say_are_refused(example: str) -> None:
    text = tried('( "one" | "two" )')
    refused(text + example, shapes.Word, ValueError, EXAMPLES[example])


def test_examples_that_are_what_they_say_are_kept() -> None:
    examples = "accepted: tried\n    7168 7170 7169  one\nrefused: tried\n    7168  at 1: expected"
    lg.declare(tried('( "one" | "two" )') + examples, shapes.Word)
    assert lg.decode([7168, 7170, 7169]) == shapes.Word("one")


def refused(text: str, cls: Any, error: type[Exception], reason: str) -> None:
    """Declare in vain, beside what is declared and after nothing was."""
    with pytest.raises(error) as found:
        lg.declare(text, cls)
    assert reason in str(found.value)
    assert registry.types() == ()
    assert registry.of_token(shapes.BEGINS) is None
    with pytest.raises(KeyError):
        lg.vocabulary.id("one")
