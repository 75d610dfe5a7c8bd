"""Reaction SMILES: sides, agents and groups of fragments, and where a wrong one is wrong."""

from __future__ import annotations

from random import Random

import pytest

import logos_grammar as lg
from logos_grammar.molecule import Molecule
from logos_grammar.reaction import Reaction
from smiles.torn import Freedom, torn_smiles

SIDES = {
    "C>>C": "C>>C",
    ">>": ">>",
    "C>>": "C>>",
    ">>C": ">>C",
    ">O>": ">O>",
    "C.O>[Pd].CC>CO": "C.O>[Pd].CC>CO",
    "C->[Fe]>N->[Fe]>[Fe]<-C": "C->[Fe]>N->[Fe]>[Fe]<-C",
    "[CH4:1]>>[CH4:1]": "[CH4:1]>>[CH4:1]",
    "CC(=O)O~[Pd]>>C": "CC(=O)O~[Pd]>>C",
    "[Na+].[Cl-].C>>C |f:0.1|": "[Na+].[Cl-].C>>C |f:0.1|",
    "[Na+].C.[Cl-]>>C |f:0.2|": "[Na+].[Cl-].C>>C |f:0.1|",
    "[Na+].C.[Cl-]>>C |f:2.0|": "[Na+].[Cl-].C>>C |f:0.1|",
    "C>[K+].[Br-]>[Na+].[Cl-] |f:1.2,3.4|": "C>[K+].[Br-]>[Na+].[Cl-] |f:1.2,3.4|",
    "C.C.C>>C |f:0.1.2|": "C.C.C>>C |f:0.1.2|",
    "C>>C |f:0|": "C>>C",
    "([Na+].[Cl-]).C>>C": "[Na+].[Cl-].C>>C |f:0.1|",
    "C.([Na+].[Cl-])>>C": "C.[Na+].[Cl-]>>C |f:1.2|",
    "(C)>>(C.O)": "C>>C.O |f:1.2|",
    "C(.O)C>>C": "CC.O>>C |f:0.1|",
    "C(C.O)C>>C": "C(C)C.O>>C |f:0.1|",
}
MALFORMED = [
    ("", 0, "two >"),
    ("C", 1, "two >"),
    ("C>C", 3, "two >"),
    ("C->[Fe]", 7, "two >"),
    ("C>->C", 5, "two >"),
    ("C>>C>>C", 4, "not a third"),
    ("C>>>C", 3, "not a third"),
    ("C>X>C", 2, "expected an atom"),
    ("C>>CX", 4, "expected an atom"),
    ("CC.X>>C", 3, "expected an atom"),
    ("C..C>>C", 2, "expected an atom"),
    (".C>>C", 0, "expected an atom"),
    ("C.>>C", 2, "expected an atom"),
    ("C>.>C", 2, "expected an atom"),
    ("C>>.", 3, "expected an atom"),
    ("C1.C1>>CC", 1, "ring 1 is opened and never closed"),
    ("C(C>>C", 1, "this ( is never closed"),
    ("C)>>C", 1, "closes no branch"),
    ("C>>[C", 3, "this [ is never closed"),
    ("()>>C", 1, "expected an atom"),
    ("(C>>C", 0, "before this parenthesis"),
    ("C>>(C.X)", 6, "expected an atom"),
    ("C >>C", 1, "expected the end"),
    (" C>>C", 0, "expected the end"),
    ("C>>C ", 4, "expected the end"),
    ("C>>C name", 4, "expected the end"),
    ("C>>C |$a;b$|", 4, "expected the end"),
    ("C>>C |f:0.1", 4, "expected the end"),
    ("C>>C\t|f:0|", 4, "white space"),
    ("C>>C |f:|", 8, "not grouped yet"),
    ("C>>C |f:a|", 8, "not grouped yet"),
    ("C>>C |f:+0|", 8, "not grouped yet"),
    ("C.C>>C |f:0.0|", 12, "not grouped yet"),
    ("C.C>>C |f:0.1,1.2|", 14, "not grouped yet"),
    ("C.C>>C |f:0.|", 12, "not grouped yet"),
    ("C.C>>C |f:0,,1|", 12, "not grouped yet"),
    ("C.C>>C |f:0.3|", 12, "only 3 fragments"),
    ("C.C>>C |f:99999999999999999999.0|", 10, "not grouped yet"),
    ("C.C>>C |f:1.2|", 12, "one side"),
    ("C>C>C |f:0.1.2|", 11, "one side"),
    ("C.N.X>>C |f:0.2|", 4, "expected an atom"),
    ("CC.N.OOX>>C |f:0.2|", 7, "expected an atom"),
    ("CX.N.O>>C |f:0.2|", 1, "expected an atom"),
    ("C\u00e9>>C", 1, "expected an atom"),
    ("C>>C\u00e9 |f:0|", 4, "expected an atom"),
]


@pytest.mark.parametrize("text", SIDES)
def test_reactions_are_read_and_written(text: str) -> None:
    reaction = Reaction.from_smiles(text)
    written = SIDES[text]
    assert reaction.to_smiles() == written
    ids = lg.encode_texts("reaction", [text, written])
    assert ids[0].tolist() == ids[1].tolist() == lg.encode(reaction).tolist()
    assert lg.decode_texts("reaction", ids) == [written, written]


@pytest.mark.parametrize(("text", "position", "reason"), MALFORMED)
def test_malformed_reactions_are_refused_where_they_are_wrong(
    text: str, position: int, reason: str
) -> None:
    with pytest.raises(lg.ConversionError) as caught:
        Reaction.from_smiles(text)
    assert caught.value.position == position
    assert reason in str(caught.value)
    (refused,) = lg.encode_texts("reaction", [text], errors="collect").errors
    assert refused[1].position == position


@pytest.mark.parametrize("block", range(10))
def test_groups_hold_what_they_name(block: int) -> None:
    for i in range(30):
        rng = Random(f"{block} {i}")
        sides = [[_fragment(rng) for _ in range(rng.randrange(4))] for _ in range(3)]
        groups, molecules, first = [], [], 0
        for side in sides:
            chosen = sorted(rng.sample(range(len(side)), rng.randrange(len(side) + 1)))
            if len(chosen) > 1:
                groups.append([str(first + k) for k in rng.sample(chosen, len(chosen))])
                side_of = {chosen[0]: ".".join(side[k] for k in chosen)}
                alone = {k: text for k, text in enumerate(side) if k not in chosen}
                side_of |= alone
            else:
                side_of = dict(enumerate(side))
            molecules.append([Molecule.from_smiles(side_of[k]) for k in sorted(side_of)])
            first += len(side)
        text = ">".join(".".join(side) for side in sides)
        if groups:
            text += f" |f:{','.join('.'.join(group) for group in groups)}|"
        reaction = Reaction.from_smiles(text)
        read = [list(reaction.reactants), list(reaction.agents), list(reaction.products)]
        assert read == molecules, text
        assert Reaction.from_smiles(reaction.to_smiles()) == reaction


def _fragment(rng: Random) -> str:
    """A SMILES of one component, so that its dots stand in no way."""
    while True:
        text = torn_smiles(rng, Freedom())
        if "." not in Molecule.from_smiles(text).to_smiles() and "." not in text:
            return text
