"""Rules with conditions within rules with conditions: each keeps what it has to remember."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import pytest

import logos_grammar as lg
from declared.shapes import BEGINS, ENDS, LABELS, ONE, TOKENS, grammar
from logos_grammar import _core, declared
from logos_grammar.molecule import Molecule

pytestmark = pytest.mark.usefixtures("nothing_declared")

LABELLED = """
    where: lowest_free(begun, ended, {0})
    where: opened(ended, begun)
    where: closes_within(begun, ended, tried)
"""
STAPLED = f"""
tried = "<TriedS>" unit* "<TriedE>" ;
{LABELLED.format("unit")}
unit  = amino_acid ( begun | ended )? molecule? ;
"""
ROUTE = """
tried = "<TriedS>" step "<TriedE>" ;
step  = "one" molecule step* "two" ;
"""
LABEL_FIRST = f"""
tried = "<TriedS>" unit* "<TriedE>" ;
{LABELLED.format("unit")}
unit  = ( begun | ended ) "one"? ;
"""
FIRST_OPENS, FIRST_CLOSES, SECOND_OPENS = 7200, 7208, 7201
PREFIXES = {
    "in the first step": [BEGINS, ONE],
    "in a step of a step": [BEGINS, ONE, *lg.encode(Molecule.from_smiles("C")).tolist(), ONE],
}


@dataclass(frozen=True)
class Unit:
    residue: str
    label: str | None
    linker: Molecule | None


@dataclass(frozen=True)
class Tried:
    units: tuple[Unit, ...]


def test_a_molecule_does_not_make_a_label_around_it_forgotten() -> None:
    lg.declare(grammar(STAPLED, tokens=TOKENS + LABELS), Tried)
    methane = Molecule.from_smiles("C")
    with pytest.raises(lg.GrammarError, match="closes_within"):
        lg.encode(Tried((Unit("Cys", "o1", methane),)))
    whole = Tried((Unit("Cys", "o1", methane), Unit("Cys", "c1", Molecule.from_smiles("C1CC1"))))
    assert lg.decode(lg.encode(whole)) == whole
    one = lg.Recognizer("tried")
    begun = lg.encode(whole).tolist()[:6]
    assert one.accept_many(begun) == 6
    assert ENDS not in one.allowed()
    assert one.min_tokens_to_complete() == len(one.closing_tokens()) == 3


def begin(rules: str, prefix: list[int], **asked: object) -> lg.Recognizer:
    """A recognizer of declared rules, after some tokens."""
    one = lg.Recognizer("tried", **asked)  # type: ignore[arg-type]
    assert one.accept_many(prefix) == len(prefix), rules
    return one


@pytest.mark.parametrize("profile", [None, "kekule+valence", "aromatic"])
@pytest.mark.parametrize("where", PREFIXES)
def test_a_molecule_in_a_call_is_a_molecule(
    where: str, profile: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Masks and what is needed are those of a molecule alone, but for what comes after it."""
    machine = _core.Grammar(grammar(ROUTE))
    monkeypatch.setattr(declared, "grammar_of", {"tried": machine}.get)
    random = Random(0)
    prefix = PREFIXES[where]
    for _ in range(60):
        alone = lg.Recognizer("molecule", profile=profile)
        within = begin(ROUTE, prefix, profile=profile)
        after = 1 + prefix.count(ONE)
        while not alone.is_done:
            assert within.allowed().tolist() == alone.allowed().tolist(), within.ids
            assert within.min_tokens_to_complete() == alone.min_tokens_to_complete() + after, (
                within.ids
            )
            token = chosen(random, alone)
            assert alone.accept(token)
            assert within.accept(token)
            if alone.position > 40:
                break


def chosen(random: Random, one: lg.Recognizer) -> int:
    """An allowed token, one that opens a ring or a branch or bonds as often as any other."""
    blocks: dict[str, list[int]] = {}
    for id in one.allowed().tolist():
        known = id in lg.vocabulary
        blocks.setdefault(lg.vocabulary.block_of(id).name if known else "own", []).append(id)
    return random.choice(random.choice(sorted(blocks.values())))


@pytest.mark.parametrize("profile", [None, "kekule+valence", "aromatic"])
def test_molecules_in_calls_end_within_a_budget(
    profile: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = _core.Grammar(grammar(ROUTE))
    monkeypatch.setattr(declared, "grammar_of", {"tried": machine}.get)
    for seed in range(300):
        random = Random(seed)
        one = lg.Recognizer("tried", profile=profile, budget=random.randint(8, 60))
        while not one.is_done:
            assert one.accept(chosen(random, one)), one.ids
        assert one.is_accepting
        assert machine.check(one.ids) is None


@pytest.mark.parametrize("between", [[], [ONE]])
def test_a_label_is_free_again_when_the_next_token_tells_that_its_item_has_ended(
    between: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = _core.Grammar(grammar(LABEL_FIRST, tokens=TOKENS + LABELS))
    monkeypatch.setattr(declared, "grammar_of", {"tried": machine}.get)
    one = begin(LABEL_FIRST, [BEGINS, FIRST_OPENS, FIRST_CLOSES, *between])
    assert FIRST_OPENS in one.allowed()
    assert SECOND_OPENS not in one.allowed()
    assert one.accept_many([FIRST_OPENS, FIRST_CLOSES, ENDS]) == 3
