"""Scenes: what a view of a structure or a conformer draws, as numbers for its script."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from logos_grammar.conformer import Conformer
from logos_grammar.display.bonds import bonds_of
from logos_grammar.display.palette import distinct
from logos_grammar.molecule.symbols import SYMBOLS
from logos_grammar.structure import FactorsOf, StrandKind, Structure
from logos_grammar.structure.altlocs import rows_of_the_first
from logos_grammar.structure.ribbons import Trace, traces_of
from logos_grammar.structure.sequence import WATERS

__all__ = ["scene_of"]

_Colours = npt.NDArray[np.uint8]

_OF_POLYMER, _LIGAND, _WATER, _ION = range(4)
_FEW: Final = 1_500
"""Side chains are shown from the start in structures with at most as many atoms."""
_FRAMES: Final = 100
"""How many poses of a conformer can be looked at."""

_ELEMENTS: Final = {
    "H": "f2f2f2",
    "C": "7d8590",
    "N": "3b62d9",
    "O": "dc3b30",
    "S": "e0b12c",
    "P": "e58a1f",
    "F": "5fbf5a",
    "Cl": "39a845",
    "Br": "9c4a2f",
    "I": "7a3fa0",
    "Se": "d08a1a",
    "B": "e3a08e",
    "Na": "8d5fd3",
    "K": "8d5fd3",
    "Mg": "4f9a3a",
    "Ca": "5a9c4b",
    "Zn": "7b7fb5",
    "Fe": "c06a2c",
    "Cu": "b87333",
    "Mn": "9c7ac7",
    "Co": "d36a8f",
    "Ni": "5fae5f",
    "D": "e6e6f2",
}
_RAINBOW: Final = ("2b5fc4", "34a8b0", "5fb64c", "e3b52e", "d8432f")
_OTHER: Final = "c85ac8"
_CONFIDENCE: Final = ((90, "1f5fd0"), (70, "4fb8e8"), (50, "f2c531"), (-1e9, "ef7d43"))
"""The colours of AlphaFold's confidence, from each bound on."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What a view draws; coordinates in ångström, from the middle of the scene."""

    title: str
    places: npt.NDArray[np.float64]
    """[frames, n, 3]."""
    elements: list[str]
    names: list[str]
    residue: list[int]
    residues: list[str]
    roles: npt.NDArray[np.uint8]
    bonds: npt.NDArray[np.int64]
    colours: dict[str, _Colours]
    traces: list[Trace] = field(default_factory=list)
    rungs: list[tuple[int, int]] = field(default_factory=list)

    def json(self) -> str:
        """The scene as a literal of JavaScript, without a byte that ends a script."""
        count = len(self.elements)
        drawn = self.roles != _WATER if (self.roles != _WATER).any() else self.roles == _WATER
        first = self.places[0][drawn] if count else np.zeros((1, 3))
        middle = (first.max(axis=0) + first.min(axis=0)) / 2
        spread = np.linalg.norm(first - middle, axis=1)
        said: dict[str, Any] = {
            "title": self.title,
            "count": count,
            "frames": len(self.places),
            "size": float(spread.max()) + 1.5,
            "turn": _turn(first - middle),
            "atoms": _base64((self.places - middle).astype("<f4")),
            "elements": self.elements,
            "atomNames": self.names,
            "residue": self.residue,
            "names": self.residues,
            "roles": _base64(self.roles),
            "bonds": _base64(self.bonds.astype("<u4")),
            "colours": {name: _base64(table) for name, table in self.colours.items()},
            "heavy": "C" in self.elements,
            "sticks": count <= _FEW,
            "rungs": self.rungs,
            "traces": [
                {
                    "atoms": trace.atoms.tolist(),
                    "guides": trace.guides.tolist(),
                    "shapes": trace.shapes.tolist(),
                }
                for trace in self.traces
            ],
        }
        return json.dumps(said, separators=(",", ":")).replace("<", "\\u003c")


def scene_of(obj: Structure | Conformer) -> Scene:
    """What a view of an object draws.

    Of a structure it is the first model, each atom in its first location; of a conformer the first
    :data:`_FRAMES` poses.
    """
    return _of_structure(obj) if isinstance(obj, Structure) else _of_conformer(obj)


def _of_conformer(conformer: Conformer) -> Scene:
    count = len(conformer.hydrogens)
    frames = min(conformer.poses, _FRAMES)
    places = np.stack([conformer.coordinates(pose) for pose in range(frames)])
    rows = conformer.atom_rows()
    symbols = [SYMBOLS[number] if number else "*" for number in conformer.molecule.element.tolist()]
    elements = ["H"] * places.shape[1]
    for row, symbol in zip(rows.tolist(), symbols, strict=True):
        elements[row] = symbol
    parents = np.repeat(rows, conformer.hydrogens)
    hydrogens = np.setdiff1d(np.arange(places.shape[1]), rows)
    molecule = conformer.molecule
    heavy = np.stack([rows[molecule.begin], rows[molecule.end]], axis=1)
    bonds = np.concatenate([heavy, np.stack([parents, hydrogens], axis=1)])
    title = conformer.title or "conformer"
    return Scene(
        title=f"{title}: {count:,} atom{'s' * (count != 1)}",
        places=places,
        elements=elements,
        names=[f"{element}{at + 1}" for at, element in enumerate(elements)],
        residue=[0] * len(elements),
        residues=[title],
        roles=np.full(len(elements), _LIGAND, np.uint8),
        bonds=bonds,
        colours={"element": _of_elements(elements)},
    )


def _of_structure(structure: Structure) -> Scene:
    models = len(structure.models)
    structure = structure.model(0) if models > 1 else structure
    atoms, residues, strands = structure.atoms, structure.residues, structure.strands
    shown = rows_of_the_first(structure)
    axes = [np.asarray(column.to_float()) for column in (atoms.x, atoms.y, atoms.z)]
    places = np.stack(axes, axis=1)
    traces = traces_of(structure, places, shown)
    elements = list(atoms.element)
    roles = _roles(structure, shown)
    of_strand = residues.strand[atoms.residue]
    chains = strands.chain.codes[of_strand] if len(atoms) else np.zeros(0, np.int64)
    colours = {
        "chain": np.array(
            [distinct(code) for code in range(len(strands.chain.words))], np.uint8
        ).reshape(-1, 3)[chains],
        "sequence": _of_sequence(structure),
        "element": _of_elements(elements),
    }
    if atoms.b_factor is not None and len(atoms):
        by_residue = bool(structure.layout.factors[0] == FactorsOf.RESIDUE)
        colours |= _of_factors(np.asarray(atoms.b_factor.to_float()), by_residue=by_residue)
    number = residues.number.tolist()
    labels = [
        f"{strands.chain[strand]} {component} {at}{code}".strip()
        for strand, component, at, code in zip(
            residues.strand.tolist(), residues.component, number, residues.insertion, strict=True
        )
    ]
    counts = f"{len(atoms):,} atoms" + (f", model 1 of {models}" if models > 1 else "")
    chosen = np.flatnonzero(shown)
    bonds = bonds_of(places[chosen], [elements[row] for row in chosen.tolist()])
    return Scene(
        title=f"{len(strands.chain.words)} chain{'s' * (len(strands.chain.words) != 1)}, {counts}",
        places=places[None],
        elements=elements,
        names=list(atoms.name),
        residue=atoms.residue.tolist(),
        residues=labels,
        roles=roles,
        bonds=chosen[bonds],
        colours=colours,
        traces=traces,
        rungs=_rungs(structure, traces, shown),
    )


def _roles(structure: Structure, shown: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
    """What each atom is drawn as; atoms of other locations are drawn as nothing."""
    atoms, residues = structure.atoms, structure.residues
    kinds = structure.strands.kind[residues.strand[atoms.residue]]
    roles = np.where(kinds == StrandKind.HETERO, _LIGAND, _OF_POLYMER).astype(np.uint8)
    alone = np.bincount(atoms.residue, minlength=len(residues))[atoms.residue] == 1
    roles[alone & (roles == _LIGAND)] = _ION
    roles[residues.component.isin(WATERS)[atoms.residue]] = _WATER
    roles[~shown] = 255
    return roles


def _rungs(
    structure: Structure, traces: list[Trace], shown: npt.NDArray[np.bool_]
) -> list[tuple[int, int]]:
    """Of each nucleotide of a trace two atoms that a rod for its base joins."""
    atoms = structure.atoms
    ends: dict[int, int] = {}
    for name in ("N3", "N1"):
        rows = np.flatnonzero(np.asarray(atoms.name == name) & shown)
        purine = np.isin(atoms.residue[rows], atoms.residue[np.asarray(atoms.name == "N9")])
        rows = rows[purine if name == "N1" else ~purine]
        ends |= dict(zip(atoms.residue[rows].tolist(), rows.tolist(), strict=True))
    pairs = []
    for trace in traces:
        if trace.kind != StrandKind.PROTEIN:
            for row in trace.atoms.tolist():
                end = ends.get(int(atoms.residue[row]))
                if end is not None:
                    pairs.append((row, end))
    return pairs


def _of_elements(elements: list[str]) -> _Colours:
    known = {element: _rgb(_ELEMENTS.get(element, _OTHER)) for element in set(elements)}
    return np.array([known[element] for element in elements], np.uint8).reshape(-1, 3)


def _of_sequence(structure: Structure) -> _Colours:
    """From blue at the beginning of each strand to red at its end."""
    strand = structure.residues.strand
    sizes = np.bincount(strand, minlength=len(structure.strands))
    starts = np.cumsum(sizes) - sizes
    share = (np.arange(len(strand)) - starts[strand]) / np.maximum(sizes[strand] - 1, 1)
    return _along(share[structure.atoms.residue], _RAINBOW)


def _of_factors(factors: npt.NDArray[np.float64], *, by_residue: bool) -> dict[str, _Colours]:
    """By B factor from the 5th to the 95th of a hundred; and as confidence, if it may be one.

    Structure prediction writes confidence, from 0 to 100, one number for each residue.
    """
    low, high = np.percentile(factors, (5, 95))
    share = (factors - low) / (high - low if high > low else 1.0)
    made = {"B factor": _along(share, ("2b5fc4", "e9e9ee", "d8432f"))}
    if by_residue and factors.min() >= 0 and factors.max() <= 100:
        made["confidence"] = np.select(
            [(factors >= bound)[:, None] for bound, _ in _CONFIDENCE],
            [np.array(_rgb(colour), np.uint8) for _, colour in _CONFIDENCE],
        ).astype(np.uint8)
    return made


def _along(share: npt.NDArray[np.float64], stops: tuple[str, ...]) -> _Colours:
    """Colours between stops, for shares of the way from 0 to 1."""
    at = np.clip(share, 0, 1) * (len(stops) - 1)
    table = np.array([_rgb(stop) for stop in stops], np.float64)
    channels = [np.interp(at, np.arange(len(stops)), table[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=1).round().astype(np.uint8)


def _turn(places: npt.NDArray[np.float64]) -> list[float]:
    """The turn, by columns, that lays a scene with its longest way across the page."""
    if len(places) < 3:
        return [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]
    _, axes = np.linalg.eigh(places.T @ places)
    rows = axes.T[::-1].copy()
    rows[2] *= np.sign(np.linalg.det(rows)) or 1.0
    return [float(each) for each in rows.T.ravel()]


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (0, 2, 4))
    return red, green, blue


def _base64(array: npt.NDArray[Any]) -> str:
    return b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")
