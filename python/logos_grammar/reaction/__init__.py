"""Reaction: what goes in, what helps, and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from logos_grammar import _core
from logos_grammar.displayed import Displayed
from logos_grammar.molecule import Molecule

__all__ = ["Reaction"]


@dataclass(frozen=True)
class Reaction(Displayed):
    """Three lists of molecules, each in a given order and each possibly empty.

    Attributes
    ----------
    reactants, agents, products
        Molecules; one of several components (a salt) is one molecule.
    direction
        ``"forward"`` is written from reactants to products, ``"retro"`` from products to
        reactants.
    """

    reactants: tuple[Molecule, ...]
    agents: tuple[Molecule, ...]
    products: tuple[Molecule, ...]
    direction: Literal["forward", "retro"] = "forward"

    def __post_init__(self) -> None:
        for name in ("reactants", "agents", "products"):
            given = getattr(self, name)
            if isinstance(given, Molecule) or not isinstance(given, Iterable):
                found = type(given).__name__
                raise TypeError(f"expected an iterable of molecules as {name}, not {found}")
            molecules = tuple(given)
            for molecule in molecules:
                if not isinstance(molecule, Molecule):
                    found = type(molecule).__name__
                    raise TypeError(f"expected molecules as {name}, not {found}")
            object.__setattr__(self, name, molecules)

    @classmethod
    def from_smiles(cls, text: str) -> Reaction:
        """Read one reaction SMILES, ``reactants>agents>products``.

        Each dot begins another molecule, except those that ChemAxon's fragment grouping
        `` |f:0.1|`` after the text holds together.

        Raises
        ------
        ConversionError
            At the first character that no reaction SMILES has there.
        """
        return _core.reaction_from_smiles(text)

    def to_smiles(self) -> str:
        """The reaction SMILES, with a fragment grouping where a molecule has several components.

        The direction is not part of the text.

        Raises
        ------
        GrammarError
            When a molecule has no sentence.
        """
        ids, offsets = _core.encode_many([self.forward()], 1)
        return _core.decode_texts("reaction", ids, offsets, 1)[0]

    def forward(self) -> Reaction:
        """The same reaction, written from reactants to products."""
        return replace(self, direction="forward")

    def retro(self) -> Reaction:
        """The same reaction, written from products to reactants."""
        return replace(self, direction="retro")

    def without_agents(self) -> Reaction:
        """The reaction without its agents."""
        return replace(self, agents=())

    def without_maps(self) -> Reaction:
        """The reaction without map numbers; see `without_brackets` for what only they needed."""
        return self._of_each(Molecule.without_maps)

    def without_brackets(self) -> Reaction:
        """The reaction with bare atoms where a bracket goes without saying, as in a molecule.

        Examples
        --------
        >>> mapped = Reaction.from_smiles("[CH3:1][OH:2]>>[CH2:1]=[O:2]")
        >>> mapped.without_maps().without_brackets().to_smiles()
        'CO>>C=O'
        """
        return self._of_each(Molecule.without_brackets)

    def _of_each(self, projection: Callable[[Molecule], Molecule]) -> Reaction:
        return replace(
            self,
            reactants=tuple(map(projection, self.reactants)),
            agents=tuple(map(projection, self.agents)),
            products=tuple(map(projection, self.products)),
        )
