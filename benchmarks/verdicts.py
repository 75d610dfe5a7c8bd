"""Verdicts: whether texts came back as what they were, RDKit being the judge where they differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from rdkit import Chem, rdBase

import logos_grammar as lg
from logos_grammar.kinds import TextKind

_WHERE: Final = re.compile(r" at character \d+( of record \d+)?")
_SHOWN: Final = 3
_ARROW: Final = re.compile(r"(?<!-)>")


@dataclass
class Tally:
    """What became of some texts.

    Attributes
    ----------
    counts
        `identical`: the text itself came back; `same`: another spelling of the same molecule;
        `refused` and `WRONG`, where RDKit reads the text; `read` and `refused too`, where it does
        not (what is read is compared as RDKit reads it without its checks, and may be `WRONG`);
        `canonical`: RDKit's own spelling came back letter for letter, or `not canonical`.
    examples
        For each reason of a refusal, for each wrong one: some texts.
    """

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, what: str, *, reason: str | None = None, text: str = "") -> None:
        """Count one, with its reason and itself as an example."""
        self.counts[what] += 1
        if reason is not None:
            self.reasons[reason] += 1
            self.examples.setdefault(reason, []).append(text)
            del self.examples[reason][_SHOWN:]

    def update(self, other: Tally) -> None:
        """Add all that another has counted."""
        self.counts.update(other.counts)
        self.reasons.update(other.reasons)
        for reason, texts in other.examples.items():
            mine = self.examples.setdefault(reason, [])
            mine.extend(texts[: _SHOWN - len(mine)])


def judge(kind: TextKind, texts: Sequence[str]) -> Tally:
    """Send texts to ids and back, and compare.

    Parameters
    ----------
    kind
        What they are.
    texts
        n texts.
    """
    rdBase.DisableLog("rdApp.*")
    tally = Tally()
    canonical_of = _CANONICAL.get(kind)
    canonical: list[str] = []
    for text, back in zip(texts, _there_and_back(kind, texts), strict=True):
        before = canonical_of(text) if canonical_of else text
        refused = isinstance(back, lg.ConversionError)
        reason = _WHERE.sub("", str(back)) if refused else None
        if before is None:
            if refused or back == text or _unchecked(text) == _unchecked(str(back)):
                tally.add("refused too" if refused else "read")
            else:
                tally.add("WRONG", reason="WRONG", text=f"{text} -> {back}")
            continue
        if canonical_of:
            canonical.append(before)
        if refused:
            tally.add("refused", reason=reason, text=text)
        elif back == text:
            tally.add("identical")
        elif canonical_of and canonical_of(str(back)) == before:
            tally.add("same")
        else:
            tally.add("WRONG", reason="WRONG", text=f"{text} -> {back}")
    for text, back in zip(canonical, _there_and_back(kind, canonical), strict=True):
        if text == back:
            tally.add("canonical")
        else:
            refused = isinstance(back, lg.ConversionError)
            reason = "not canonical" + (f": {_WHERE.sub('', str(back))}" if refused else "")
            tally.add("not canonical", reason=reason, text=f"{text} -> {back}")
    return tally


def _there_and_back(kind: TextKind, texts: Sequence[str]) -> list[str | lg.ConversionError]:
    encoded = lg.encode_texts(kind, texts, threads=1, errors="collect")
    errors = dict(encoded.errors)
    good = [text for row, text in enumerate(texts) if row not in errors]
    back = iter(lg.decode_texts(kind, lg.encode_texts(kind, good, threads=1), threads=1))
    return [errors[row] if row in errors else next(back) for row in range(len(texts))]


@lru_cache(maxsize=100_000)
def _molecule(text: str) -> str | None:
    """RDKit's canonical isomeric SMILES, maps and isotopes included; none for what it refuses."""
    molecule = Chem.MolFromSmiles(text)
    return None if molecule is None else Chem.MolToSmiles(molecule)


def _unchecked(text: str) -> list[str | None]:
    """RDKit's spelling of each molecule with no regard to valences and rings."""
    molecules = [Chem.MolFromSmiles(part, sanitize=False) for part in _ARROW.split(text)]
    return [None if each is None else Chem.MolToSmiles(each) for each in molecules]


def _reaction(text: str) -> str | None:
    """The canonical SMILES of every molecule, in their order."""
    body = text.partition(" ")[0]
    sides = []
    for side in _ARROW.split(body):
        molecules = [_molecule(molecule) for molecule in side.split(".")] if side else []
        if None in molecules:
            return None
        sides.append(".".join(str(molecule) for molecule in molecules))
    return ">".join(sides)


_CANONICAL: Final[dict[TextKind, Callable[[str], str | None]]] = {
    "molecule": _molecule,
    "reaction": _reaction,
}
