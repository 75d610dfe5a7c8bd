"""The grammar as a model sees it: which ids may come next, and what a sentence says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.uint16]


class Reader(Protocol):
    """A sentence as far as it was drawn."""

    def allowed(self) -> Ids:
        """Return the ids that may come next; none after a sentence."""
        ...

    def accept(self, id: int) -> bool:
        """Take the next id; False if it may not come."""
        ...


class Grammar(Protocol):
    """What training and sampling ask of a grammar; `LogosGrammar` is the one there is.

    Attributes
    ----------
    size
        Width of the logits: every id is below it.
    fingerprint
        Names the vocabulary; shards and checkpoints carry it.
    """

    @property
    def size(self) -> int: ...

    @property
    def fingerprint(self) -> str: ...

    def kinds(self) -> dict[str, int]:
        """Return the kinds of object by name, each with the id that opens it."""
        ...

    def next_ids(self, prefix: Ids) -> Ids:
        """Return the ids that can continue `prefix` to a sentence; none after a sentence."""
        ...

    def reader(self, prefix: Sequence[int], limit: int) -> Reader:
        """Return a reader after `prefix` that ends within `limit` ids, the prefix counted.

        `ValueError` if no sentence begins with the prefix and is that short.
        """
        ...

    def to_text(self, ids: Ids) -> str:
        """Return the object of a sentence as text; `ValueError` if the ids are no sentence."""
        ...


class LogosGrammar:
    """The grammar of `logos_grammar`, as installed.

    Parameters
    ----------
    profile
        What readers keep to beyond the grammar, by its name; nothing without it.

    Raises
    ------
    ValueError
        If there is no such profile.
    """

    def __init__(self, profile: str | None = None) -> None:
        import logos_grammar  # noqa: PLC0415 (a model of another grammar needs none of it)

        self._grammar = logos_grammar
        self._profile = profile
        self._kind_of = {id: _TYPES.get(kind, kind) for kind, id in self.kinds().items()}
        # A profile that there is not is refused here, before a model is read.
        logos_grammar.Recognizer(profile=profile)

    @property
    def size(self) -> int:
        """Width of the logits."""
        return self._grammar.vocabulary.size

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the vocabulary."""
        return self._grammar.vocabulary.fingerprint

    def kinds(self) -> dict[str, int]:
        """Return the kinds of object by name ("molecule"), each with the id of its opening tag."""
        names = {int(id): self._grammar.vocabulary.name(int(id)) for id in self.next_ids(_NO_IDS)}
        return {name.removeprefix("<").removesuffix("S>").lower(): id for id, name in names.items()}

    def next_ids(self, prefix: Ids) -> Ids:
        """Return the ids that can continue `prefix` to a sentence; none after a sentence."""
        return self._grammar.next_ids(prefix)

    def reader(self, prefix: Sequence[int], limit: int) -> Reader:
        """Return a recognizer after `prefix` with a budget of `limit` ids.

        `ValueError` also if what opens with the prefix has nothing that the profile is about.
        """
        kind = self._kind_of.get(prefix[0]) if len(prefix) else None
        free = self._grammar.Recognizer(kind, profile=self._profile)
        if free.accept_many(prefix) < len(prefix):
            refused = free.error()
            reason = "" if refused is None else f": at token {refused[1]}, {refused[2]}"
            raise ValueError(f"no sentence begins so{reason}")
        least = len(prefix) + free.min_tokens_to_complete()
        if limit < least:
            raise ValueError(
                f"expected a limit of at least {least} tokens, as many as the shortest sentence "
                f"that begins so, got {limit}"
            )
        reader = self._grammar.Recognizer(kind, profile=self._profile, budget=limit)
        # Under valences more may be asked for on the way than at its end.
        if reader.accept_many(prefix) < len(prefix):
            raise ValueError(f"expected a limit above {limit} tokens for a sentence that begins so")
        return reader

    def to_text(self, ids: Ids) -> str:
        """Return the object of a sentence as text.

        Molecules and reactions as SMILES, proteins and nucleic acids as their sequence; others have
        no text of their own, and stand as the texts of their tokens, or names where they have none.
        """
        thing = self._grammar.decode(ids)
        if hasattr(thing, "to_smiles"):
            return str(thing.to_smiles())
        if hasattr(thing, "sequence"):
            return str(thing.sequence)
        words = self._grammar.vocabulary
        return "".join(words.text(id) or words.name(id) for id in ids.tolist())


_TYPES = {"dna": "nucleic_acid", "rna": "nucleic_acid"}
"""The object types of kinds that are no type of their own."""
_NO_IDS: Ids = np.empty(0, dtype=np.uint16)
