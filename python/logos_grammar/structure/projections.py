"""Projections of a structure: less of it, or the same elsewhere, each with what is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import index
from typing import Any, Final, Self, overload

import numpy as np
import numpy.typing as npt

from logos_grammar.columns import Words
from logos_grammar.fixed import Fixed, Rounding
from logos_grammar.motion import Motion, Posed, mean_of
from logos_grammar.structure.altlocs import rows_of_the_first, with_whole_residues
from logos_grammar.structure.assemblies import Missing, Naming, assembly_of
from logos_grammar.structure.nearness import Number, exact, near
from logos_grammar.structure.selection import DISPLACEMENTS, selected, with_columns, with_layout
from logos_grammar.structure.sequence import WATERS, StrandSequence, sequences_of
from logos_grammar.structure.tables import StrandKind, Tables

__all__ = ["Projections"]

_AMINO: Final = ("N", "CA", "C", "O")
_NUCLEIC: Final = (
    *("P", "OP1", "OP2", "O5'", "C5'", "C4'", "C3'", "O3'"),
    *("O1P", "O2P", "O5*", "C5*", "C4*", "C3*", "O3*"),
)


class Projections(Tables):
    """What can be made of a structure.

    What goes with a row goes too, as `selection.selected` says: the atoms of a residue, links of
    which an atom is left out, and a residue, strand or model of which nothing is left. A residue of
    the sequence that was not seen stays with its strand. The list of names and the level of B
    factors are chosen anew, as when a file is read. Operators and assemblies stay what they were.
    """

    def model(self, row: int) -> Self:
        """The structure with one of its models, by its row from 0.

        Loses the other models.

        Raises
        ------
        IndexError
            When there is no such model.
        TypeError
            For a row that is not an integer.
        """
        row = index(row)
        if not 0 <= row < len(self.models):
            raise IndexError(f"expected a model below {len(self.models)}, not {row}")
        return selected(self, models=np.arange(len(self.models)) == row)

    def chain(self, *names: str) -> Self:
        """The structure with the strands of some chains, by the names that its authors gave them.

        Loses the other strands, of all models; a water or ligand goes with the chain whose name it
        has.

        Raises
        ------
        ValueError
            For a name that no strand has, and without a name.
        """
        if not names:
            raise ValueError("expected the name of at least one chain")
        for name in names:
            if name not in self.strands.chain:
                found = ", ".join(map(repr, self.strands.chain.words))
                raise ValueError(f"expected the name of a chain, one of {found}, not {name!r}")
        return selected(self, strands=self.strands.chain.isin(names))

    def backbone(self) -> Self:
        """The structure with the backbones of its polymers.

        Keeps N, CA, C and O of proteins, and P, OP1, OP2, O5', C5', C4', C3' and O3' of nucleic
        acids. Loses side chains, bases, hydrogens, and all that is in no polymer.
        """
        name, kind = self.atoms.name, self._kind_of_atoms()
        is_nucleic = (kind == StrandKind.DNA) | (kind == StrandKind.RNA)
        amino = (kind == StrandKind.PROTEIN) & name.isin(_AMINO) & self._is_organic()
        return self._with_polymers(amino | (is_nucleic & name.isin(_NUCLEIC)), nucleic=True)

    def alpha_carbons(self) -> Self:
        """The structure with one atom for each residue of its proteins, CA.

        Loses all other atoms, and all that is in no protein.
        """
        wanted = (self._kind_of_atoms() == StrandKind.PROTEIN) & self.atoms.name.isin(("CA",))
        return self._with_polymers(wanted & self._is_organic(), nucleic=False)

    def without_hydrogens(self) -> Self:
        """The structure without atoms of hydrogen and deuterium.

        Loses them, and what they say of protonation and tautomers.
        """
        return selected(self, atoms=~self.atoms.element.isin(("H", "D")))

    def without_waters(self) -> Self:
        """The structure without its waters: HOH, DOD, WAT, H2O, TIP, TIP3 and SOL."""
        return selected(self, residues=~self.residues.component.isin(WATERS))

    def assembly(
        self, id: str | int, *, naming: Naming = "short", missing: Missing = "refuse"
    ) -> Self:
        """One of its assemblies: the copies of chains that operators make, as a structure.

        Copies are in the order of the assembly, operator by operator. A coordinate is computed
        exactly of the numbers as they are written, and rounded once to the decimals of its column,
        a half to the even digit; so are displacements. Distances stay exact only where all digits
        of matrix and vector are integers or fit these decimals: the numbers of other operators are
        rounded themselves.

        Loses chains of which the assembly has no copy, the cell, operators and assemblies, links
        to images by symmetry, and links between copies by different operators.

        Parameters
        ----------
        id
            Its name, as the file says it.
        naming
            What copies of a chain and of a label are named. ``short``: the first keeps the name,
            others get the first of A to Z, a to z, 0 to 9, then of two such letters, that no chain
            has. ``number``: each gets its number behind the name, from 1. ``same``: all keep it.
        missing
            What to do where a chain of the assembly is not there, as the waters of mmCIF are not
            after `without_waters`: ``refuse``, or ``skip`` it where at least one is there.

        Raises
        ------
        ValueError
            For an assembly that there is not, with the names of those that there are; for one of
            operators or chains that there are not; when a coordinate would not fit in 64 bits.
        """
        return assembly_of(self, str(id), naming=naming, missing=missing)

    def without_assemblies(self) -> Self:
        """The structure without its operators and assemblies."""
        return replace(self, operators=None, assemblies=None)

    def without_b_factors(self) -> Self:
        """The structure without B factors, or what a file has in their place."""
        atoms = replace(self.atoms, b_factor=None, b_factor_state=None)
        return with_layout(replace(self, atoms=atoms))

    def without_displacements(self) -> Self:
        """The structure without anisotropic displacements."""
        absent = dict.fromkeys((*DISPLACEMENTS, "anisotropic_state"))
        return replace(self, atoms=with_columns(self.atoms, absent))

    def first_altloc(self) -> Self:
        """The structure with one place for each atom, and no alternative locations.

        Keeps atoms without a letter, and of each position those with the first letter there; an
        atom that has no place under it keeps its own first one. Where a position has
        several components, it keeps that of the letter. The atoms of a residue that lie
        apart in the file come together. Loses the other places and the letters; occupancies
        stay what they were.
        """
        rest = with_whole_residues(selected(self, atoms=rows_of_the_first(self)))
        none = Words.of_codes([""], np.zeros(len(rest.atoms), np.int64))
        return with_layout(replace(rest, atoms=replace(rest.atoms, altloc=none)))

    @overload
    def crop(self, residues: Sequence[int] | slice | npt.NDArray[Any]) -> Self: ...
    @overload
    def crop(self, *, centre: Sequence[Number] | Fixed, radius: Number) -> Self: ...
    def crop(
        self,
        residues: Sequence[int] | slice | npt.NDArray[Any] | None = None,
        *,
        centre: Sequence[Number] | Fixed | None = None,
        radius: Number | None = None,
    ) -> Self:
        """The structure with some residues, whole.

        Parameters
        ----------
        residues
            Which, by their rows, a slice or a mask.
        centre, radius
            Or a point and a length in ångström: those with an atom that is less than the radius
            away from the point. Compared exactly.

        Raises
        ------
        IndexError
            For a residue that there is not.
        ValueError
            For a radius below 0, numbers that are not finite, and a centre that has not three.
        TypeError
            Unless there are residues, or a centre and a radius.

        Notes
        -----
        Loses the other residues, and with them how far the ends of the rest are from each other in
        the sequence, where numbers do not say it.
        """
        if residues is not None and centre is None and radius is None:
            kept = np.zeros(len(self.residues), np.bool_)
            kept[residues] = True
        elif residues is None and centre is not None and radius is not None:
            is_near = near(self, [exact(each) for each in centre], exact(radius))
            kept = np.bincount(self.atoms.residue[is_near], minlength=len(self.residues)) > 0
        else:
            raise TypeError("expected residues, or a centre and a radius")
        return selected(self, residues=kept)

    def rounded(
        self,
        decimals: int,
        *,
        occupancy: int | None = None,
        b_factor: int | None = None,
        displacements: int | None = None,
        rounding: Rounding = "half_even",
    ) -> Self:
        """The structure with another count of decimals of its coordinates.

        Loses digits where there are fewer: the nearest number, of two equally near ones the even
        one, unless ``rounding`` says another rule. More decimals lose nothing.

        Parameters
        ----------
        decimals
            How many decimals coordinates get.
        occupancy, b_factor, displacements
            How many occupancies, B factors and anisotropic displacements get; None leaves them what
            they are. PDB holds 3 of coordinates, 2, 2 and 4.
        rounding
            How a number becomes one with fewer decimals.

        Raises
        ------
        ValueError
            With ``rounding="exact"`` where a digit other than zero would be lost.
        """
        counts = {"x": decimals, "y": decimals, "z": decimals}
        counts |= {} if occupancy is None else {"occupancy": occupancy}
        counts |= {} if b_factor is None else {"b_factor": b_factor}
        counts |= {} if displacements is None else dict.fromkeys(DISPLACEMENTS, displacements)
        columns = {}
        for name, count in counts.items():
            column: Fixed | None = getattr(self.atoms, name)
            if column is not None:
                columns[name] = column.rounded(count, rounding=rounding)
        return with_layout(replace(self, atoms=with_columns(self.atoms, columns)))

    def centred(self) -> Self:
        """The structure moved so that the mean of its atoms is at the origin, to the last decimal.

        All atoms move by the same integers of the last decimal, so that distances are what they
        were, to the last digit. Loses only where it was; the cell is what it was, too, though the
        atoms have left its frame.

        Raises
        ------
        ValueError
            When a coordinate would not fit in 64 bits.
        """
        if not len(self.atoms):
            return self
        still = Motion(quaternion=(1, 0, 0, 0), centre=self._mean())
        return self.moved(still)

    def posed(self, seed: int | np.random.Generator, *, centred: bool = True) -> Posed[Self]:
        """The structure turned at random, and the motion that turned it.

        Loses nothing: ``posed.object.undone(posed.motion)`` is the structure. Coordinates and
        displacements get one decimal more, as a turn back from as many would miss some; what was
        read of PDB is written as PDB after ``rounded(3, displacements=4)``, which loses that.

        Parameters
        ----------
        seed
            What the turn is drawn with.
        centred
            Whether the mean of the atoms goes to the origin, as in `centred`; else it stays.

        Raises
        ------
        ValueError
            When there are 9 decimals already, or a coordinate would not fit in 64 bits.
        """
        centre = self._mean()
        target = (0, 0, 0) if centred else centre
        motion = Motion.drawn(np.random.default_rng(seed), centre=centre, target=target)
        return Posed(self.moved(motion), motion)

    def moved(self, motion: Motion) -> Self:
        """The structure after a motion of its atoms and their displacements; its cell stays."""
        columns = dict(zip("xyz", motion.moved(*self._points()), strict=True))
        tensors = self._displacements()
        if tensors:
            turned = motion.turned_tensors(tensors)
            columns |= dict(zip(DISPLACEMENTS, turned, strict=True))
        return replace(self, atoms=with_columns(self.atoms, columns))

    def undone(self, motion: Motion) -> Self:
        """The structure before a motion, of the one after it: what `moved` did, undone exactly."""
        columns = dict(zip("xyz", motion.undone(*self._points()), strict=True))
        tensors = self._displacements()
        if tensors:
            turned = motion.undone_tensors(tensors)
            columns |= dict(zip(DISPLACEMENTS, turned, strict=True))
        return replace(self, atoms=with_columns(self.atoms, columns))

    def sequence(self) -> tuple[StrandSequence, ...]:
        """The sequences of its strands, each a `Protein` or a `NucleicAcid`.

        Strands of other components have none. A residue that was not seen counts where the
        structure holds it; of several components at one position the first one counts; waters do
        not. A component without a letter is its name in parentheses. Loses all else.
        """
        return sequences_of(self)

    def _with_polymers(self, atoms: npt.NDArray[np.bool_], *, nucleic: bool) -> Self:
        """Some atoms, of strands that are polymers."""
        kind = self.strands.kind
        polymers = (kind != StrandKind.HETERO) if nucleic else (kind == StrandKind.PROTEIN)
        return selected(self, strands=np.asarray(polymers), atoms=atoms)

    def _kind_of_atoms(self) -> npt.NDArray[np.uint8]:
        kinds: npt.NDArray[np.uint8] = self.strands.kind[self.residues.strand[self.atoms.residue]]
        return kinds

    def _is_organic(self) -> npt.NDArray[np.bool_]:
        """Which atoms are not calcium, whose symbol looks like the name of an alpha carbon."""
        return ~self.atoms.element.isin(("Ca",))

    def _points(self) -> tuple[Fixed, Fixed, Fixed]:
        return self.atoms.x, self.atoms.y, self.atoms.z

    def _displacements(self) -> list[Fixed]:
        columns = [getattr(self.atoms, name) for name in DISPLACEMENTS]
        return [column for column in columns if column is not None]

    def _mean(self) -> tuple[int, int, int]:
        return mean_of(*self._points())
