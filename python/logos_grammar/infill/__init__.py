"""Infill: a sequence or a molecule with holes, and what fills them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from operator import index
from typing import Any

from logos_grammar import _core
from logos_grammar.antibody import Antibody, Chain
from logos_grammar.displayed import Displayed
from logos_grammar.infill import scaffold
from logos_grammar.molecule import Molecule
from logos_grammar.nucleic_acid import NucleicAcid
from logos_grammar.protein import Protein

__all__ = ["HOLE", "REGIONS", "Infill"]

HOLE = "_"
REGIONS = ("fr1", "cdr1", "fr2", "cdr2", "fr3", "cdr3", "fr4", "constant")


@dataclass(frozen=True)
class Infill(Displayed):
    """A template with holes, and as many fills.

    Attributes
    ----------
    template
        A protein, nucleic acid or antibody in whose text each ``_`` is a hole; or a molecule that
        grows at the atoms of ``holes``.
    fills
        What fills each hole, in the order of the text; a fill may be empty. What grows on a
        molecule is a molecule that begins with a bare wildcard, which is the atom that it joins
        (``*C(=O)O``, ``*=O``); the wildcard alone is a hydrogen. The bond may be any but an
        aromatic one.
    holes
        For a molecule the row of the atom of each hole, ascending; an atom may have several. What
        fills a hole is a neighbour of the atom after its rings and before its other children, and
        stereo of the atom names it there. Hydrogens that the atom states are those beside its
        holes.
    """

    template: Protein | NucleicAcid | Antibody | Molecule
    fills: tuple[str, ...] | tuple[Molecule, ...]
    holes: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "fills", tuple(scaffold.listed("fills", self.fills)))
        holes = scaffold.listed("holes", self.holes)
        object.__setattr__(self, "holes", tuple(index(atom) for atom in holes))
        if self.holes and not isinstance(self.template, Molecule):
            raise TypeError("expected holes for a Molecule only: a sequence has them in its text")
        if any(atom < 0 for atom in self.holes):
            raise ValueError(f"expected holes at rows of atoms, from 0 on, not {self.holes}")

    def whole(self) -> Protein | NucleicAcid | Antibody | Molecule:
        """The template with its holes filled.

        The atoms of a fill follow the atom that they grow on. A hydrogen is stated where the atom
        states its hydrogens and where none is implied, as at aromatic nitrogen.

        Raises
        ------
        ValueError
            When there are not as many fills as holes, or a fill has a hole, or, for a molecule, it
            has no sentence; then the error is a `GrammarError`.
        """
        if isinstance(self.template, Molecule):
            return _core.infill_whole(self)
        if not isinstance(self.template, Protein | NucleicAcid | Antibody):
            wanted = "a Molecule, Protein, NucleicAcid or Antibody"
            found = type(self.template).__name__
            raise TypeError(f"expected Infill.template to be {wanted}, not {found}")
        fills = []
        for number, fill in enumerate(self.fills):
            if not isinstance(fill, str):
                found = type(fill).__name__
                raise TypeError(f"expected Infill.fills[{number}] to be a str, not {found}")
            if HOLE in fill:
                raise ValueError(f"expected Infill.fills[{number}] without a hole, not {fill!r}")
            fills.append(fill)
        whole = _filled(self.template, fills)
        if fills:
            raise ValueError(f"expected as many fills as holes, not {len(fills)} more")
        return whole

    @classmethod
    def from_molecule(
        cls,
        molecule: Molecule,
        *,
        bonds: Iterable[tuple[int, int]] = (),
        hydrogens: Iterable[int] = (),
    ) -> Infill:
        """Cut a molecule into a template and what grows on it.

        `whole` of the infill is the molecule, with the atoms of each fill behind the atom that it
        grows on; where the first atom of a component goes, the template begins with its lowest row.

        Parameters
        ----------
        molecule
            The molecule.
        bonds
            For each hole the rows of an atom that stays and of its neighbour, which goes with all
            that is behind it. The bond is in no ring and not aromatic, and no cut takes away what
            another one is at.
        hydrogens
            Rows of atoms that have a hydrogen, stated or implied, in whose place there is a hole,
            filled with nothing; one row as often as the atom has hydrogens. How many an atom
            without brackets has beside a quadruple, an any or a dative bond is not checked.

        Raises
        ------
        ConversionError
            At the first cut that is not possible, with its number: bonds first, then hydrogens.
        """
        return cls(*scaffold.cut(molecule, bonds, hydrogens))

    @classmethod
    def from_scaffold(cls, template: str, fills: Sequence[str]) -> Infill:
        """Read a scaffold with attachment points, and what is attached to them.

        An attachment point is a wildcard with one neighbour, as tools of R-group decomposition and
        scaffold decoration write it: ``*``, ``[*]`` or ``[*:1]``. Where attachment points of the
        scaffold have numbers, fills are found by theirs, otherwise they are in the order of the
        scaffold. ``[H][*:1]`` is a hydrogen, as ``*`` is. The bond is that of the fill.
        Directions (``/``) of a fill are relative to each other: where the scaffold says another
        one of the bond between them, they turn over together.

        Parameters
        ----------
        template
            The SMILES of the scaffold, such as ``c1cc([*:1])ccc1[*:2]``.
        fills
            A SMILES of one component for each attachment point, with one of its own:
            ``[*:1]OC``, ``CO[*:1]``.

        Raises
        ------
        ConversionError
            For a text that is not SMILES.
        ValueError
            When there are not as many fills as attachment points, or their numbers differ.
        """
        return cls(*scaffold.read(template, fills))

    def to_scaffold(self) -> tuple[str, tuple[str, ...]]:
        """Write an infill of a molecule as SMILES with numbered attachment points.

        Returns
        -------
        tuple
            The scaffold (``c1([*:1])ccccc1``) and a SMILES for each fill (``[*:1]OC``), which
            `from_scaffold` reads again. A bond with a direction has it in both, as other
            tools need it beside a double bond of the scaffold.

        Raises
        ------
        TypeError
            When the template is a sequence.
        GrammarError
            When it has no sentence.
        ValueError
            When a reader would take a wildcard of its own for an attachment point, or an atom of
            hydrogen that fills a hole for none.
        """
        if not isinstance(self.template, Molecule):
            raise TypeError("expected an infill of a Molecule, which has SMILES")
        fills = [fill for fill in self.fills if isinstance(fill, Molecule)]
        points = tuple(scaffold.attachment_point(*each) for each in enumerate(fills, 1))
        _core.infill_whole(self)  # raises what is wrong with the fills
        written = scaffold.written(_core.infill_whole(replace(self, fills=points)), fills)
        if Infill.from_scaffold(*written) != self:
            raise ValueError("expected no wildcard that reads as an attachment point, nor *[H]")
        return written

    @classmethod
    def of_cdr3(cls, antibody: Antibody) -> Infill:
        """The design task of an antibody's heavy CDR3: everything else is given.

        Raises
        ------
        ValueError
            When it has no heavy chain.
        """
        if not isinstance(antibody, Antibody):
            raise TypeError(f"expected an Antibody, not {type(antibody).__name__}")
        if antibody.heavy is None:
            raise ValueError("expected an antibody with a heavy chain")
        heavy = replace(antibody.heavy, cdr3=HOLE)
        return cls(replace(antibody, heavy=heavy), (antibody.heavy.cdr3,))


def _filled(
    template: Protein | NucleicAcid | Antibody, fills: list[str]
) -> Protein | NucleicAcid | Antibody:
    if isinstance(template, Antibody):
        heavy = _filled_chain(template.heavy, fills)
        return Antibody(heavy, _filled_chain(template.light, fills))
    return replace(template, sequence=_filled_text(template.sequence, fills))


def _filled_chain(chain: Chain | None, fills: list[str]) -> Chain | None:
    if chain is None:
        return None
    given = {name: getattr(chain, name) for name in REGIONS if getattr(chain, name) is not None}
    filled: dict[str, Any] = {name: _filled_text(text, fills) for name, text in given.items()}
    return replace(chain, **filled)


def _filled_text(text: str, fills: list[str]) -> str:
    first, *rest = text.split(HOLE)
    if len(rest) > len(fills):
        raise ValueError(f"expected as many fills as holes, {len(rest) - len(fills)} are missing")
    filled = first + "".join(fill + piece for fill, piece in zip(fills, rest, strict=False))
    del fills[: len(rest)]
    return filled
