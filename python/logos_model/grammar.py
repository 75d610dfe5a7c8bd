"""The grammar as a model sees it: which ids may come next, and what a sentence says."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from logos_model.config import EOS
from logos_model.config_error import ConfigError

if TYPE_CHECKING:
    from logos_grammar import Profile

Ids = NDArray[np.uint16]


class Reader(Protocol):
    """A sentence as far as it was drawn."""

    def allowed(self) -> Ids:
        """Return the ids that may come next; none after a sentence."""
        ...

    def accept(self, id: int) -> bool:
        """Take the next id; False if it may not come."""
        ...

    def fork(self) -> Self:
        """Return a reader of the same ids that goes its own way."""
        ...

    @property
    def is_accepting(self) -> bool:
        """Whether the ids so far are a sentence."""
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

    def rows_for(self, highest_id: int) -> int:
        """Return the width of logits that holds every id which objects up to that id may need."""
        ...

    def usable(self, rows: int) -> NDArray[np.bool_]:
        """Return which ids a model with `rows` rows can write a sentence with, [size]."""
        ...

    def next_ids(self, prefix: Ids) -> Ids:
        """Return the ids that can continue `prefix` to a sentence; none after a sentence."""
        ...

    def reader(self, prefix: Sequence[int], limit: int) -> Reader:
        """Return a reader after `prefix` that ends within `limit` ids, the prefix counted.

        `ValueError` if no sentence begins with the prefix and is that short.
        """
        ...

    def fill(self, readers: Sequence[Any], mask_BW: NDArray[np.int32]) -> None:
        """Write what may come next for each reader: bit `id % 32` of word `id // 32`."""
        ...

    def accept(self, readers: Sequence[Any], ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Let each reader take an id; return which did."""
        ...

    def to_text(self, ids: Ids) -> str:
        """Return the object of a sentence as text; `ValueError` if the ids are no sentence."""
        ...

    def declared(self) -> dict[str, str]:
        """Return the fingerprint of each type that a user declared, by its kind."""
        ...

    def masks(self, ids: Ids) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """Return the tokens that may come at each place of a sentence or the beginning of one.

        They are the row of each place, [n + 1], and the rows, [states, size]; after a sentence
        `EOS` may come.
        """
        ...

    def usual(self, kind: str) -> Self:
        """Return the grammar with what samples of a kind are usually kept to."""
        ...

    def save_tokenizer(self, folder: Path) -> str:
        """Write the files of a tokenizer into a folder; return a sentence if that cannot be."""
        ...

    def id_of(self, name: str) -> int | None:
        """Return the id of a token by its name, None for another name."""
        ...

    def augmented(
        self, how: str, sentences: Sequence[Ids], seeds: NDArray[np.uint64]
    ) -> Sequence[Ids | None]:
        """Return another sentence of each object, see `logos_model.data.augmentation.augmented`."""
        ...

    def cropped(self, sentence: Ids, limit: int, seed: int) -> Ids:
        """Return a shorter sentence, see `logos_model.data.augmentation.cropped`."""
        ...


class LogosGrammar:
    """The grammar of `logos_grammar`, as installed.

    Parameters
    ----------
    profile
        What readers keep to beyond the grammar, by its name or as a `logos_grammar.Profile`;
        nothing without it.
    types
        Modules that declare object types, such as "package.module"; they are imported.

    Raises
    ------
    ValueError
        If there is no such profile.
    ConfigError
        If a module cannot be imported.
    """

    def __init__(self, profile: str | Profile | None = None, *, types: Sequence[str] = ()) -> None:
        import logos_grammar  # noqa: PLC0415 (a model of another grammar needs none of it)

        for module in types:
            try:
                import_module(module)
            except ImportError as error:
                raise ConfigError(
                    f"expected a module that declares object types as {module!r} in data.types: "
                    f"{error}"
                ) from error
        self._grammar = logos_grammar
        self._profile = profile
        self._kind_of = {id: _TYPES.get(kind, kind) for kind, id in self.kinds().items()}
        if not isinstance(profile, logos_grammar.Profile):
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

    def rows_for(self, highest_id: int) -> int:
        """Return the end of the block that `highest_id` lies in, rounded up to 128.

        Data seldom shows every token of its blocks, and a label that can be opened has to be one
        that can be closed. Of the blocks of digits a part is as good as the whole.
        """
        block = self._grammar.vocabulary.block_of(highest_id)
        end = highest_id + 1 if block.name in _DIGITS else block.base + block.size
        return min(self.size, -(-end // _ROW_MULTIPLE) * _ROW_MULTIPLE)

    def usable(self, rows: int) -> NDArray[np.bool_]:
        """Return the ids of the sentences whose ids are all below `rows`, [size]."""
        if rows >= self.size:
            # Every id, those of declared types too.
            return np.ones(self.size, dtype=np.bool_)
        from logos_model.rows import usable_ids  # noqa: PLC0415 (reads the grammar's rules)

        found = np.zeros(self.size, dtype=np.bool_)
        found[usable_ids(rows)] = True
        return found

    def kinds(self) -> dict[str, int]:
        """Return the kinds of object by name ("molecule"), each with the id of its opening tag."""
        names = {int(id): self._grammar.vocabulary.name(int(id)) for id in self.next_ids(_NO_IDS)}
        kinds = {
            name.removeprefix("<").removesuffix("S>").lower(): id for id, name in names.items()
        }
        for kind in self.declared():
            kinds[kind] = int(self._grammar.Recognizer(kind).allowed()[0])
        return kinds

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

    def fill(self, readers: Sequence[Any], mask_BW: NDArray[np.int32]) -> None:
        """Write what may come next for each reader: bit `id % 32` of word `id // 32`."""
        self._grammar.fill_batch(readers, mask_BW)

    def accept(self, readers: Sequence[Any], ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Let each reader take an id; return which did."""
        return self._grammar.accept_batch(readers, ids)

    def declared(self) -> dict[str, str]:
        """Return the fingerprint of each type that a user declared, by its kind."""
        from logos_grammar import registry  # noqa: PLC0415 (as above)

        found = {kind: registry.named(kind) for kind in registry.kinds()}
        return {kind: each.fingerprint for kind, each in found.items() if each is not None}

    def masks(self, ids: Ids) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """Return the tokens that may come at each place, see `Grammar.masks`."""
        # A declared type has to be named, the others are told apart by their first token.
        declared = {id: kind for kind, id in self.kinds().items() if kind in self.declared()}
        kind = declared.get(int(ids[0])) if len(ids) else None
        states, packed = self._grammar.Recognizer(kind).state_ids(ids)
        masks = np.unpackbits(packed.view(np.uint8), axis=1, bitorder="little")[:, : self.size]
        masks[~masks.any(axis=1), EOS] = 1
        return states, masks.astype(np.bool_)

    def usual(self, kind: str) -> Self:
        """Return the grammar with the profile that samples of a kind are usually kept to."""
        from logos_grammar.prompts import PROFILES  # noqa: PLC0415 (as above)

        profile = PROFILES.get(kind)
        return self if profile is None else type(self)(profile)

    def save_tokenizer(self, folder: Path) -> str:
        """Write the files of the fast tokenizer; return what to install if transformers lacks."""
        if find_spec("transformers") is None:
            return (
                "no tokenizer files beside the model, transformers is not installed: "
                "pip install 'logos-grammar[transformers]'"
            )
        from logos_grammar.serving.tokenizer import LogosTokenizer  # noqa: PLC0415 (an extra)

        LogosTokenizer(with_bos=True).export_fast(folder)
        return ""

    def id_of(self, name: str) -> int | None:
        """Return the id of a token by its name, None for another name."""
        words = self._grammar.vocabulary
        return words.id(name) if name in words else None

    def augmented(
        self, how: str, sentences: Sequence[Ids], seeds: NDArray[np.uint64]
    ) -> Sequence[Ids | None]:
        """Return another sentence of each object, see `logos_model.data.augmentation.augmented`."""
        from logos_model.data.augmentation import augmented  # noqa: PLC0415 (needs logos_grammar)

        return augmented(how, sentences, seeds)

    def cropped(self, sentence: Ids, limit: int, seed: int) -> Ids:
        """Return a shorter sentence, see `logos_model.data.augmentation.cropped`."""
        from logos_model.data.augmentation import cropped  # noqa: PLC0415 (needs logos_grammar)

        return cropped(sentence, limit, seed)


_DIGITS = ("index_group", "number_fraction", "number_whole")
_ROW_MULTIPLE = 128
"""Rows are a multiple of what matrix units divide."""
_TYPES = {"dna": "nucleic_acid", "rna": "nucleic_acid"}
"""The object types of kinds that are no type of their own."""
_NO_IDS: Ids = np.empty(0, dtype=np.uint16)
