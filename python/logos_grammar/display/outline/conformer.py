"""The outline of a conformer: its molecule, its poses, their points, and what the record says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from logos_grammar.conformer import Conformer
from logos_grammar.display.outline.section import Section
from logos_grammar.grammar.explanation import Explained
from logos_grammar.molecule.symbols import SYMBOLS

__all__ = ["sections_of_conformer", "summary_of_conformer"]


def summary_of_conformer(conformer: Conformer) -> str:
    """How many poses, atoms and hydrogens it has, and its title."""
    hydrogens = int(conformer.hydrogens.sum())
    counted = ((conformer.poses, "pose"), (len(conformer.molecule), "atom"))
    counts = [f"{count:,} {noun}{'s' * (count != 1)}" for count, noun in counted]
    counts.append(f"{hydrogens:,} hydrogen{'s' * (hydrogens != 1)}")
    return ", ".join([*counts, *([repr(conformer.title)] if conformer.title else [])])


def sections_of_conformer(conformer: Conformer, tokens: Iterable[Explained]) -> list[Section]:
    """Put the tokens of a conformer into sections.

    Parameters
    ----------
    conformer
        What the tokens say.
    tokens
        All tokens of its sentence.
    """
    top: list[Section] = []
    points = _points(conformer)
    poses = properties = 0
    place = top
    before: Explained | None = None
    for token in tokens:
        rules = token.rules
        if token.name == "<Pose>":
            poses += 1
            place = top
            place.append(Section(partial("pose {}".format, poses), "pose"))
        elif rules[1:2] == ("pose",):
            if _begins_point(token, before):
                place = top[-1].parts
                place.append(Section(next(points)))
        elif token.name == "<Property>":
            name, value = conformer.properties[properties]
            properties += 1
            place = top
            place.append(Section(partial("{}: {}".format, name, value), "data item"))
        elif before is None or len(rules) < 2 or rules[:2] != before.rules[:2]:
            place = top
            place.append(Section(partial(_says, conformer, token)))
        place[-1].tokens.append(token)
        before = token
    return top


def _begins_point(token: Explained, before: Explained | None) -> bool:
    """Whether a point begins with a token of a pose."""
    return (before is not None and before.name == "<Pose>") or token.rule in ("step", "hydrogen")


def _points(conformer: Conformer) -> Iterator[Callable[[], str]]:
    """What each point says, pose after pose."""
    row = 0
    for _ in range(conformer.poses):
        for number, hydrogens in zip(
            conformer.molecule.element.tolist(), conformer.hydrogens.tolist(), strict=True
        ):
            for name in (SYMBOLS[number], *("  H" for _ in range(hydrogens))):
                yield partial(_point, conformer, name, row)
                row += 1


def _point(conformer: Conformer, name: str, row: int) -> str:
    columns = (conformer.x, conformer.y, conformer.z)
    return f"{name:<6}" + "".join(f" {column[row]!s:>8}" for column in columns)


def _says(conformer: Conformer, token: Explained) -> str:
    if token.block == "grid":
        return "decimals of points"
    if token.rules[1:2] == ("molecule",):
        return conformer.molecule.to_smiles()
    if token.rules[1:2] == ("order",):
        return "rows of the record"
    if token.rules[1:2] == ("title",):
        return f"title: {conformer.title}"
    return token.gloss
