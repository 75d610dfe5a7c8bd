"""Generation with Hugging Face transformers (4.57 and later, and 5): sentences and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

try:
    import torch
    from transformers import GenerationConfig, LogitsProcessor
except ImportError as error:
    raise ImportError(
        "generation needs torch and transformers: pip install 'logos-grammar[serving]'"
    ) from error

from logos_grammar.profile import Profile
from logos_grammar.serving.rows import Ids, Rows, digest_of
from logos_grammar.serving.sentence import (
    BOS,
    EOS,
    PAD,
    Sentence,
    allow,
    begin_of,
    checked_begin_id,
    checked_stop_ids,
    unpacked,
    words_of,
)
from logos_grammar.serving.terms import Terms
from logos_grammar.vocabulary import vocabulary


class GrammarLogitsProcessor(LogitsProcessor):
    """Masks what cannot continue the sentence of each row.

    What it knows of a row follows from the ids of that row alone, so rows may be reordered, dropped
    and repeated (beam search), run ahead and be taken back (assisted decoding), and one processor
    may serve any number of calls. Recognizers of recent rows are kept, the rest is replayed.

    A row's sentence begins behind its last ``begin_id``, or without a ``<bos>`` behind the padding
    on the left, or, when ``context`` is given, after that number of columns. The prompt may hold
    the beginning of the sentence. All stop ids are masked until the sentence is complete; then all
    others are; after one of them there is padding. Ids beyond the vocabulary are masked.

    Parameters
    ----------
    kind, profile
        What to generate, as :class:`logos_grammar.Recognizer` takes it.
    budget
        The sentence is complete within this number of tokens from its beginning.
    max_length
        The sentence is complete within this number of columns: the ``max_length`` of ``generate``,
        which is the width of the prompts and ``max_new_tokens``.
    begin_id
        The token before the sentence.
    context
        The columns of every row, padding included, that lie before the sentence.
    stop_ids, pad_id
        The ``eos_token_id`` (one or several) and the ``pad_token_id`` of ``generate``; by default
        ``<eos>`` and ``<pad>`` of the grammar.
    first_id
        The model's id of the grammar's id 0: ``logos_first_id`` of an extended language model's
        configuration. Rows, scores and the other ids here are the model's.
    with_log
        Whether to keep, for :meth:`log_kept`, the share of probability that each mask leaves.
    states
        How many recognizers are kept.

    Raises
    ------
    ValueError
        When one of these is not as said; when the processors before this one leave a row none of
        the tokens that the grammar allows; when logits are narrower than the vocabulary.
    GrammarError
        When no sentence begins as a prompt does, or none that is complete within the budget; its
        ``record`` is the number of the row.
    """

    supports_continuous_batching = False

    def __init__(  # noqa: PLR0913 (each a choice of the user's)
        self,
        kind: str | None = None,
        *,
        profile: str | Profile | None = None,
        budget: int | None = None,
        max_length: int | None = None,
        begin_id: int = BOS,
        context: int | None = None,
        stop_ids: Collection[int] | None = None,
        pad_id: int | None = None,
        first_id: int = 0,
        with_log: bool = False,
        states: int = 1024,
    ) -> None:
        self._terms = Terms(kind=kind, profile=profile, budget=budget, begin_id=begin_id)
        self._max_length = max_length
        self._context = context
        self._first_id = first_id
        self._stop_ids = frozenset((first_id + EOS,) if stop_ids is None else stop_ids)
        self._pad_id = first_id + PAD if pad_id is None else pad_id
        self._with_log = with_log
        self._states = Rows(self._begun, states=states)
        self._log: dict[bytes, float] = {}
        if begin_id in self._stop_ids and context is None:
            raise ValueError(f"expected a begin_id that does not end generation, got {begin_id}")
        checked_begin_id(begin_id, first_id=first_id)
        checked_stop_ids(self._stop_ids, first_id=first_id)

    @classmethod
    def for_generation(
        cls,
        config: GenerationConfig,
        prompt_ids: torch.Tensor,
        kind: str | None = None,
        **options: Any,
    ) -> GrammarLogitsProcessor:
        """The processor for one call of ``generate``, each prompt checked.

        Parameters
        ----------
        config
            Gives ``max_new_tokens`` or ``max_length``, ``eos_token_id`` and ``pad_token_id``.
        prompt_ids
            Shape [prompts, columns], padded on the left; of an encoder-decoder the decoder's.
        kind, **options
            As the constructor takes them.

        Raises
        ------
        GrammarError
            When a prompt has no sentence that is complete within the limit.
        ValueError
            When the configuration has no limit or no stop id, or keeps sentences from ending.
        """
        if config.min_new_tokens or config.min_length or config.forced_eos_token_id is not None:
            raise ValueError("expected no min_length and no forced_eos_token_id: sentences decide")
        limit = config.max_length
        if config.max_new_tokens is not None:
            limit = prompt_ids.shape[1] + config.max_new_tokens
        if limit is None:
            raise ValueError("expected max_new_tokens or max_length, which set the budget")
        stops = stop_ids_of(config)
        pad = config.pad_token_id if config.pad_token_id is not None else next(iter(stops), None)
        processor = cls(kind, max_length=limit, stop_ids=stops, pad_id=pad, **options)
        for number, row in enumerate(rows_of(prompt_ids)):
            processor._states.begin(row, number)
        return processor

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """The scores with what is not allowed at -inf.

        Parameters
        ----------
        input_ids
            int64, shape [rows, columns].
        scores
            Floats of any kind, shape [rows, width of the logits]; not changed.
        """
        count, width = scores.shape
        least = self._first_id + vocabulary.size
        if width < least:
            raise ValueError(f"expected logits of {least} ids at least, got {width}")
        keys, sentences = self._states.sentences(rows_of(input_ids))
        words = np.zeros((count, words_of(width)), dtype=np.int32)
        for row, sentence in enumerate(sentences):
            if sentence is None:
                allow(words, row, self._stop_ids)  # its score is -inf; any distribution will do
            else:
                sentence.fill(words, row)
        allowed = torch.from_numpy(unpacked(words, width)).to(scores.device)
        masked = scores.masked_fill(~allowed, -torch.inf)
        going = [
            row
            for row, sentence in enumerate(sentences)
            if sentence is not None and not sentence.has_ended
        ]
        best = masked.amax(-1).tolist()
        for row in going:
            if best[row] == -np.inf:
                raise ValueError(
                    f"expected a score above -inf for one of the tokens that can follow in row "
                    f"{row}, got none: a processor before this one masks them all"
                )
        if self._with_log:
            kept = masked.double().logsumexp(-1) - scores.double().logsumexp(-1)
            logs = kept.tolist()
            self._log.update({keys[row]: logs[row] for row in going})
        return masked

    def log_kept(
        self, row: torch.Tensor | Sequence[int], *, prompt_length: int = 0
    ) -> npt.NDArray[np.float64]:
        """How much probability each mask left a row, as logarithms.

        0 is all of it; ``-expm1`` is the share that the mask took away.

        Parameters
        ----------
        row
            A row that was generated with ``with_log``, its prompt included.
        prompt_length
            How many columns of it were not generated.

        Returns
        -------
        values
            float64, one for each token that was generated, the stop id included.
        """
        ids = _on_cpu(row)
        digest, values = digest_of(ids[:prompt_length]), []
        for id in ids[prompt_length:]:
            value = self._log.get(digest.digest())
            if value is None:
                break
            values.append(value)
            digest.update(id.tobytes())
        return np.array(values, dtype=np.float64)

    def forget(self) -> None:
        """Drop the recognizers and the logarithms that are kept."""
        self._states.clear()
        self._log.clear()

    def sentence_of(self, row: torch.Tensor | Sequence[int]) -> npt.NDArray[np.uint16]:
        """The grammar's ids of a row's sentence, without what lies before it and behind it."""
        ids = _on_cpu(row)
        ids = ids[self._begin(ids) :]
        behind = np.flatnonzero(np.isin(ids, [*self._stop_ids, self._pad_id]))
        ids = ids[: behind[0] if len(behind) else None] - self._first_id
        return ids.astype(np.uint16)

    def _begin(self, row: Ids) -> int:
        if self._context is not None:
            return self._context
        return begin_of(
            row, begin_id=self._terms.begin_id, pad_id=self._pad_id, first_id=self._first_id
        )

    def _begun(self, row: Ids) -> Sentence:
        begin = self._begin(row)
        return self._terms.sentence(
            row[begin:].tolist(),
            limit=None if self._max_length is None else self._max_length - begin,
            stop_ids=self._stop_ids,
            pad_id=self._pad_id,
            first_id=self._first_id,
        )


def rows_of(ids: torch.Tensor) -> Ids:
    """Ids on the CPU, int64, shape [rows, columns]."""
    return np.ascontiguousarray(ids.detach().cpu().numpy(), dtype=np.int64)


def stop_ids_of(config: GenerationConfig) -> tuple[int, ...]:
    """What ends generation; empty when nothing does."""
    stops = config.eos_token_id
    if stops is None:
        return ()
    return (stops,) if isinstance(stops, int) else tuple(int(id) for id in stops)


def _on_cpu(row: torch.Tensor | Sequence[int]) -> Ids:
    return np.asarray(row.cpu() if isinstance(row, torch.Tensor) else row, dtype=np.int64)
