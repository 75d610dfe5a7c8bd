"""The vocabulary as a tokenizer of Hugging Face transformers, 4 and 5.

Its text is a sentence in its printable form: the names of the tokens, one space between two of
them. ``decode(encode(text)) == text`` for every text that is read, and what is not a sentence of
token names is refused: no unknown token exists. With a ``kind`` its text is one of that kind, such
as a SMILES. Objects go straight to ids and back (:meth:`LogosTokenizer.encode_object`,
:meth:`LogosTokenizer.decode_object`).

Importing this module makes ``AutoTokenizer.from_pretrained`` know what :class:`LogosTokenizer`
saved.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

try:
    from transformers import AddedToken, AutoTokenizer, PretrainedConfig, PreTrainedTokenizer
except ImportError as error:
    raise ImportError(
        "LogosTokenizer needs transformers: pip install 'logos-grammar[transformers]'"
    ) from error

from logos_grammar.codec import check, decode, encode
from logos_grammar.encoded import Encoded
from logos_grammar.error import ConversionError
from logos_grammar.kinds import TextKind, text_kind
from logos_grammar.object_types import ScientificObject
from logos_grammar.serving.fast_tokenizer import BOS, EOS, FAST, PAD, UNKNOWN, fast_tokenizer
from logos_grammar.texts import decode_texts, encode_texts
from logos_grammar.vocabulary import vocabulary

IGNORED = -100
"""What transformers puts in labels where the loss ignores them."""

_SPECIAL = frozenset(vocabulary.id(name) for name in (PAD, BOS, EOS))


class LogosTokenizer(PreTrainedTokenizer):
    """Token names to ids and back, and objects to ids and back.

    Parameters
    ----------
    fingerprint
        Of the vocabulary with which it was saved; by default the library's own.
    kind
        What its texts are: ``"molecule"`` (SMILES), ``"reaction"``, ``"protein"``, ``"dna"`` or
        ``"rna"``. None: the names of tokens.
    with_bos, with_eos
        Whether each text begins with ``<bos>`` and ends with ``<eos>``, unless a call says
        ``add_special_tokens=False``.
    first_id
        The model's id of the grammar's id 0, in an extended language model: ids here are the
        model's. The words of the language model are its own tokenizer's.
    **kwargs
        What every tokenizer of transformers takes, such as ``padding_side``.

    Raises
    ------
    ValueError
        When the fingerprint is another vocabulary's, a special token is not in it, the kind has no
        text, or ``clean_up_tokenization_spaces`` is set.

    Examples
    --------
    >>> tokenizer = LogosTokenizer(kind="molecule", with_eos=True)
    >>> tokenizer("CCO")["input_ids"]
    [192, 384, 384, 388, 193, 2]
    >>> batch = tokenizer(["CCO", "C"], padding=True)
    >>> tokenizer.batch_decode(batch["input_ids"], skip_special_tokens=True)
    ['CCO', 'C']
    """

    vocab_files_names: dict[str, str] = {}
    model_input_names: list[str] = ["input_ids", "attention_mask"]

    def __init__(
        self,
        *,
        fingerprint: str | None = None,
        kind: str | None = None,
        with_bos: bool = False,
        with_eos: bool = False,
        first_id: int = 0,
        **kwargs: Any,
    ) -> None:
        own = vocabulary.fingerprint
        if fingerprint is not None and vocabulary.writer(fingerprint) not in ("this", "earlier"):
            raise ValueError(
                f"saved with the vocabulary {fingerprint}, which is neither this one, {own}, "
                "nor an earlier version of it"
            )
        self.kind = None if kind is None else text_kind(kind)
        self.with_bos = with_bos
        self.with_eos = with_eos
        self.first_id = first_id
        self._ids = {vocabulary.name(id): first_id + id for id in vocabulary}
        for role, name in (("pad_token", PAD), ("bos_token", BOS), ("eos_token", EOS)):
            kwargs.setdefault(role, AddedToken(name, special=True, normalized=False))
        if kwargs.setdefault("clean_up_tokenization_spaces", False):
            raise ValueError("expected no clean_up_tokenization_spaces, which joins token names")
        kwargs |= {"kind": kind, "with_bos": with_bos, "with_eos": with_eos, "first_id": first_id}
        super().__init__(fingerprint=own, **kwargs)  # type: ignore[no-untyped-call]

    @classmethod
    def from_pretrained(cls, *args: Any, **kwargs: Any) -> LogosTokenizer:
        """Load what ``save_pretrained`` wrote.

        Raises
        ------
        ValueError
            When it was saved with another vocabulary.
        """
        try:
            tokenizer: LogosTokenizer = super().from_pretrained(*args, **kwargs)
        except ImportError as error:
            # transformers 4 without protobuf cannot pass on what the constructor raised
            if isinstance(error.__context__, ValueError):
                raise error.__context__ from None
            raise
        return tokenizer

    def __call__(
        self,
        text: Any = None,
        text_pair: Any = None,
        text_target: Any = None,
        text_pair_target: Any = None,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """The ids of a text or of many, as every tokenizer of transformers takes them.

        Raises
        ------
        ConversionError
            At a text that cannot be read, as :meth:`tokenize` says; of many texts with its row,
            from 0, as ``record``.
        """
        given = [(text, text_pair), (text_target, text_pair_target)]
        try:
            return super().__call__(*given[0], *given[1], *args, **kwargs)
        except ConversionError as error:
            split = kwargs.get("is_split_into_words", False)
            for texts, pairs in given:
                for record, batch in enumerate(_each_alone(texts, pairs, is_split=split)):
                    try:
                        super().__call__(*batch, None, None, *args, **kwargs)
                    except ConversionError:
                        raise _in_record(error, record) from error
            raise

    def encode_object(self, obj: ScientificObject) -> list[int]:
        """The ids of an object, with ``<bos>`` and ``<eos>`` as this tokenizer adds them.

        Raises
        ------
        GrammarError
            When the object breaks a condition of its grammar.
        """
        ids = [self.first_id + id for id in encode(obj).tolist()]
        return self.build_inputs_with_special_tokens(ids)

    def decode_object(self, ids: Iterable[int]) -> Any:
        """The object of a sentence, which ``<bos>``, ``<eos>`` and padding may surround.

        Raises
        ------
        GrammarError
            When it is not a sentence; the position counts from the first token of the sentence.
        """
        pad, bos, eos = self._ids[PAD], self._ids[BOS], self._ids[EOS]
        sentence = [int(id) for id in ids]
        start, stop = 0, len(sentence)
        while start < stop and sentence[start] == pad:
            start += 1
        while start < stop and sentence[stop - 1] == pad:
            stop -= 1
        start += sentence[start:stop][:1] == [bos]
        stop -= sentence[start:stop][-1:] == [eos]
        return decode([id - self.first_id for id in sentence[start:stop]])

    def export_fast(self, directory: str | Path) -> None:
        """Write what ``PreTrainedTokenizerFast.from_pretrained`` loads without this library.

        Parameters
        ----------
        directory
            Made if missing; gets ``tokenizer.json`` and ``tokenizer_config.json``. The ids are
            the same; its texts are the names of tokens, whatever the ``kind``. Ids that are not
            assigned yet have names there that no sentence has, so that its length is the width of
            the logits. It cannot refuse a word that is not the name of a token: the word becomes
            the first of these ids, which no sentence has.

        Raises
        ------
        ValueError
            With a ``first_id``: the words before it are another tokenizer's.
        """
        if self.first_id:
            raise ValueError(
                "expected no first_id: an extended model has its own tokenizer's files"
            )
        folder = Path(directory)
        folder.mkdir(parents=True, exist_ok=True)
        fast_tokenizer(with_bos=self.with_bos, with_eos=self.with_eos).save(str(folder / FAST))
        config = {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "pad_token": PAD,
            "bos_token": BOS,
            "eos_token": EOS,
            "unk_token": UNKNOWN,
            "clean_up_tokenization_spaces": False,
            "model_input_names": self.model_input_names,
            "padding_side": self.padding_side,
            "fingerprint": vocabulary.fingerprint,
        }
        text = json.dumps(config, indent=2) + "\n"
        (folder / "tokenizer_config.json").write_text(text, encoding="utf-8")

    # What follows is called by transformers.

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


class LogosTokenizerConfig(PretrainedConfig):  # type: ignore[no-untyped-call]
    """Takes the place of a model's configuration where transformers requires one."""

    model_type = "logos_grammar"


def _unknown(name: str, position: int) -> ConversionError:
    reason = f"no token is named {name}" if name else "one space too many"
    say = 'LogosTokenizer(kind="molecule") reads texts of a kind, encode_object objects'
    return ConversionError(
        f"{reason} at character {position}: expected names of tokens; {say}", position=position
    )


def _each_alone(texts: Any, pairs: Any, *, is_split: bool) -> Iterator[tuple[Any, Any]]:
    """A batch of one for each text of many, with its pair; none for one text."""
    of_one = (list, tuple) if is_split else (str, list, tuple)
    if isinstance(texts, list | tuple) and texts and isinstance(texts[0], of_one):
        for number, text in enumerate(texts):
            yield [text], None if pairs is None else [pairs[number]]


def _in_record(error: ConversionError, record: int) -> ConversionError:
    """The error of one text, as that of a row."""
    where = f" at character {error.position}"
    before, found, behind = str(error).rpartition(where)
    message = (
        f"{before}{found} of record {record}{behind}" if found else f"{error} of record {record}"
    )
    return ConversionError(
        message,
        position=error.position,
        expected=error.expected,
        condition=error.condition,
        record=record,
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


AutoTokenizer.register(  # type: ignore[no-untyped-call]
    LogosTokenizerConfig, slow_tokenizer_class=LogosTokenizer, exist_ok=True
)
