"""The outline of a structure: columns, models, strands, residues and atoms, by the rules."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, partial
from typing import Final

import numpy as np

from logos_grammar.display.outline.section import Section
from logos_grammar.grammar.explanation import Explained
from logos_grammar.structure import StrandKind, Structure

__all__ = ["sections_of_structure", "summary_of_structure"]

_HEADS: Final = {"naming": "atom names", "grid": "decimals of points"}
"""What one token says of all atoms, by its block."""

_COUNTED: Final = {"<Operator>": "operator", "<Assembly>": "assembly"}
"""What there may be many of before the models, by the tokens with which they begin."""

_PHASES: Final = {
    "altloc": 1,
    "step": 4,
    "place": 4,
    "occupancy": 5,
    "residue_b_factor": 6,
    "atom_b_factor": 6,
    "anisotropic": 7,
    "residue_link": 8,
}
"""The order of the rules of an atom, behind its name. A charge is 2, the first of a step is 3."""

_ATOMS: Final = frozenset(("atoms", "named_atoms"))
_POINTS: Final = ("first_point", "later_point")


def summary_of_structure(structure: Structure) -> str:
    """How many models, strands, residues and atoms it has."""
    return repr(structure).partition("(")[2].removesuffix(")")


def sections_of_structure(structure: Structure, tokens: Iterable[Explained]) -> list[Section]:
    """Put the tokens of a structure into sections.

    Parameters
    ----------
    structure
        What the tokens say.
    tokens
        All tokens of its sentence.
    """
    top: list[Section] = []
    model = strand = residue = Section(str)
    place = top
    nouns = ("operator", "assembly", "model", "strand", "residue", "atom")
    counts = dict.fromkeys(nouns, 0)
    before: Explained | None = None
    for token in tokens:
        noun = _begun(token, before)
        if noun == "model":
            model = Section(partial(_model, structure, counts[noun]), noun)
            top.append(model)
            place = [model]
        elif noun == "strand":
            strand = Section(partial(_strand, structure, counts[noun]), noun)
            model.parts.append(strand)
            place = [strand]
        elif noun == "residue":
            residue = Section(partial(_residue, structure, counts[noun]), noun)
            strand.parts.append(residue)
            place = [residue]
        elif noun == "atom":
            place = residue.parts
            place.append(Section(partial(_atom, structure, counts[noun])))
        elif noun in _SAYS:
            place = top
            place.append(Section(partial(_SAYS[noun], structure, counts[noun]), noun))
        elif noun:
            place = top
            place.append(Section(partial(_column, token)))
        if noun in counts:
            counts[noun] += 1
        place[-1].tokens.append(token)
        before = token
    return top


def _begun(token: Explained, before: Explained | None) -> str:
    """What begins with a token, empty where it goes on."""
    rules = token.rules
    if len(rules) < 2 or rules[1] != "model":
        is_same = before is not None and len(rules) > 1 and rules[:2] == before.rules[:2]
        return _COUNTED.get(token.name, "" if is_same else "column")
    assert before is not None, "a sentence does not begin with a model"
    if token.rule == "strand_kind":
        return "strand"
    if "strand" not in rules:
        return "" if before.rules[:2] == rules[:2] and token.name != "<Model>" else "model"
    if "residue_of_strand" not in rules:
        return ""
    if not _ATOMS & set(rules):
        is_head = "residue_of_strand" in before.rules and not _ATOMS & set(before.rules)
        is_whole = before.name == "<NameE>" or (
            before.rule == "lettered" and before.name != "<OtherSugar>"
        )
        return "" if is_head and not is_whole else "residue"
    phase = _phase(rules)
    last = _phase(before.rules) if _ATOMS & set(before.rules) else 9
    return "atom" if phase < last or phase == last == 3 else ""


@cache
def _phase(rules: tuple[str, ...]) -> int:
    """How far an atom is with a token of these rules."""
    point = next((place for place, rule in enumerate(rules) if rule in _POINTS), None)
    if point is None:
        return 0
    if rules[-1] == "step":
        return 3
    within = rules[point + 1 : point + 2]
    return _PHASES[within[0]] if within else 2


def _column(token: Explained) -> str:
    if len(token.rules) > 1:
        return token.rules[1].replace("b_factors", "B factors").replace("_", " ")
    return _HEADS.get(token.block, token.gloss)


def _model(structure: Structure, row: int) -> str:
    return f"model {structure.models.number[row]}"


def _strand(structure: Structure, row: int) -> str:
    strands = structure.strands
    kind = StrandKind(strands.kind[row])
    noun = kind.name if kind in (StrandKind.DNA, StrandKind.RNA) else kind.name.lower()
    label = "" if strands.label is None else strands.label[row]
    shown = f" (label {label})" if label and label != strands.chain[row] else ""
    return f"chain {strands.chain[row] or 'without a name'}{shown}, {noun}"


def _residue(structure: Structure, row: int) -> str:
    residues = structure.residues
    states = residues.number_state
    number = "?" if states is not None and states[row] else str(residues.number[row])
    begin, end = np.searchsorted(structure.atoms.residue, [row, row + 1])
    unseen = ", not seen" if begin == end else ""
    return f"{residues.component[row]} {number}{residues.insertion[row]}{unseen}"


def _atom(structure: Structure, row: int) -> str:
    atoms = structure.atoms
    altloc = atoms.altloc[row]
    name = f"{atoms.name[row]}{f' {altloc}' if altloc else ''}"
    return f"{name:<6}" + "".join(f" {column[row]!s:>8}" for column in (atoms.x, atoms.y, atoms.z))


def _operator(structure: Structure, row: int) -> str:
    assert structure.operators is not None, "tokens of operators are of these"
    return f"operator {structure.operators.id[row]}"


def _assembly(structure: Structure, row: int) -> str:
    table = structure.assemblies
    assert table is not None, "tokens of assemblies are of these"
    return f"assembly {table.id[row]}: {table.chains[row]} by {table.operators[row]}"


_SAYS: Final = {"operator": _operator, "assembly": _assembly}
