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
from collections.abc import Iterable
from pathlib import Path
from typing import Any

try:
    from transformers import AddedToken, AutoTokenizer, PretrainedConfig
except ImportError as error:
    raise ImportError(
        "LogosTokenizer needs transformers: pip install 'logos-grammar[transformers]'"
    ) from error

from logos_grammar.codec import decode, encode
from logos_grammar.error import ConversionError
from logos_grammar.kinds import text_kind
from logos_grammar.object_types import ScientificObject
from logos_grammar.serving.batch_errors import each_alone, in_record
from logos_grammar.serving.fast_tokenizer import BOS, EOS, FAST, PAD, UNKNOWN, fast_tokenizer
from logos_grammar.serving.slow_tokenizer import IGNORED as IGNORED  # noqa: PLC0414 (users import it here)
from logos_grammar.serving.slow_tokenizer import SlowTokenizer
from logos_grammar.vocabulary import vocabulary


class LogosTokenizer(SlowTokenizer):
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
                for record, batch in enumerate(each_alone(texts, pairs, is_split=split)):
                    try:
                        super().__call__(*batch, None, None, *args, **kwargs)
                    except ConversionError:
                        raise in_record(error, record) from error
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


class LogosTokenizerConfig(PretrainedConfig):  # type: ignore[no-untyped-call]
    """Takes the place of a model's configuration where transformers requires one."""

    model_type = "logos_grammar"


AutoTokenizer.register(  # type: ignore[no-untyped-call]
    LogosTokenizerConfig, slow_tokenizer_class=LogosTokenizer, exist_ok=True
)
