"""Token names to ids and back, as transformers calls them of a tokenizer of its slow kind.

Users call :class:`logos_grammar.serving.tokenizer.LogosTokenizer`, which is one.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from transformers import AddedToken, PreTrainedTokenizer

from logos_grammar.codec import check
from logos_grammar.encoded import Encoded
from logos_grammar.error import ConversionError
from logos_grammar.kinds import TextKind
from logos_grammar.serving.fast_tokenizer import BOS, EOS, FAST, PAD, fast_tokenizer
from logos_grammar.texts import decode_texts, encode_texts
from logos_grammar.vocabulary import vocabulary

IGNORED = -100
"""What transformers puts in labels where the loss ignores them."""

_SPECIAL = frozenset(vocabulary.id(name) for name in (PAD, BOS, EOS))


class SlowTokenizer(PreTrainedTokenizer):
    """What transformers calls of a tokenizer; its fields are set before its constructor runs.

    Attributes
    ----------
    kind
        What its texts are; None: the names of tokens.
    with_bos, with_eos
        Whether each text begins with ``<bos>`` and ends with ``<eos>``.
    first_id
        The model's id of the grammar's id 0.
    """

    kind: TextKind | None
    with_bos: bool
    with_eos: bool
    first_id: int
    _ids: dict[str, int]

    @property
    def vocab_size(self) -> int:
        """The width of the logits; not every id below it is assigned."""
        return int(self.first_id + vocabulary.size)

    def __len__(self) -> int:
        return self.vocab_size

    def get_vocab(self) -> dict[str, int]:
        """The id of every assigned token by its name."""
        return dict(self._ids)

    def tokenize(
        self, text: str, pair: str | None = None, add_special_tokens: bool = False, **kwargs: Any
    ) -> list[str]:
        """The names in a text, or those of the tokens of its sentence where there is a ``kind``.

        Raises
        ------
        ConversionError
            At the first character of a word that is not a token name, and at a superfluous space;
            at the first character that no text of the kind has there.
        """
        if self.kind is not None:
            return [str(vocabulary.name(int(id))) for id in _sentence(self.kind, text)]
        names = text.split(" ") if text else []
        for number, name in enumerate(names):
            if name not in self._ids:
                position = sum(map(len, names[:number])) + number
                raise _unknown(name, position)
        return names

    def convert_tokens_to_string(self, tokens: Sequence[str]) -> str:
        """The text of some tokens: with a ``kind``, of a sentence and special tokens around it.

        Raises
        ------
        GrammarError
            When the tokens are not a sentence of the ``kind``.
        """
        if self.kind is None:
            return " ".join(tokens)
        within = [at for at, name in enumerate(tokens) if vocabulary.id(name) not in _SPECIAL]
        if not within:
            return "".join(tokens)
        first, last = within[0], within[-1] + 1
        ids = np.array([vocabulary.id(name) for name in tokens[first:last]], np.uint16)
        error = check(ids)
        if error is not None:
            raise error
        (text,) = decode_texts(self.kind, Encoded(ids, np.array([0, len(ids)])))
        return "".join([*tokens[:first], text, *tokens[last:]])

    def build_inputs_with_special_tokens(
        self, token_ids_0: list[int], token_ids_1: list[int] | None = None
    ) -> list[int]:
        """A sentence, or two after each other, with ``<bos>`` and ``<eos>`` if they are added."""
        before = [self._ids[BOS]] * self.with_bos
        after = [self._ids[EOS]] * self.with_eos
        second = [] if token_ids_1 is None else [*before, *token_ids_1, *after]
        return [*before, *token_ids_0, *after, *second]

    def get_special_tokens_mask(
        self,
        token_ids_0: list[int],
        token_ids_1: list[int] | None = None,
        already_has_special_tokens: bool = False,
    ) -> list[int]:
        """1 at a special token, 0 elsewhere."""
        ids = (
            token_ids_0
            if already_has_special_tokens
            else self.build_inputs_with_special_tokens(token_ids_0, token_ids_1)
        )
        return [int(id - self.first_id in _SPECIAL) for id in ids]

    def save_vocabulary(
        self, save_directory: str, filename_prefix: str | None = None
    ) -> tuple[str, ...]:
        """Write `tokenizer.json`, which is read where this library is not: in servers.

        Not with a ``kind`` or a ``first_id``, which are unknown there.
        """
        if self.kind is not None or self.first_id:
            return ()
        file = Path(save_directory, f"{filename_prefix + '-' if filename_prefix else ''}{FAST}")
        fast_tokenizer(with_bos=self.with_bos, with_eos=self.with_eos).save(str(file))
        return (str(file),)

    def _tokenize(self, text: str, **kwargs: Any) -> list[str]:
        return self.tokenize(text)

    def _convert_token_to_id(self, token: str) -> int:
        if token not in self._ids:
            raise _unknown(token, 0)
        return self._ids[token]

    def _convert_id_to_token(self, index: int) -> str:
        number = operator.index(index)
        if number - self.first_id not in vocabulary:
            hint = "; put the padding's id where labels are ignored" if number == IGNORED else ""
            raise ValueError(f"{number} is the id of no token{hint}")
        return str(vocabulary.name(number - self.first_id))

    def _decode(
        self,
        token_ids: int | list[int],
        skip_special_tokens: bool = False,
        clean_up_tokenization_spaces: bool | None = None,
        **kwargs: Any,
    ) -> str:
        ids = [token_ids] if isinstance(token_ids, int) else token_ids
        return self.convert_tokens_to_string(self.convert_ids_to_tokens(ids, skip_special_tokens))

    def _add_tokens(
        self, new_tokens: list[str] | list[AddedToken], special_tokens: bool = False
    ) -> int:
        for token in new_tokens:
            if str(token) not in self._ids:
                raise ValueError(f"the vocabulary is fixed, and {token} is not a token of it")
        return int(super()._add_tokens(new_tokens, special_tokens=special_tokens))


def _unknown(name: str, position: int) -> ConversionError:
    reason = f"no token is named {name}" if name else "one space too many"
    say = 'LogosTokenizer(kind="molecule") reads texts of a kind, encode_object objects'
    return ConversionError(
        f"{reason} at character {position}: expected names of tokens; {say}", position=position
    )


def _sentence(kind: TextKind, text: str) -> Iterable[int]:
    """The sentence of one text; its error does not count the text among others."""
    try:
        (ids,) = encode_texts(kind, [text])
    except ConversionError as error:
        message = str(error).removesuffix(" of record 0")
        raise ConversionError(
            message,
            position=error.position,
            expected=error.expected,
            condition=error.condition,
        ) from error
    return ids
