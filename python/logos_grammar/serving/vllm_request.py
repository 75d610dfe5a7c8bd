"""The processor of one request, as a vLLM without processors of batches takes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

try:
    import torch
except ImportError as error:
    raise ImportError("serving needs torch: pip install 'logos-grammar[serving]'") from error

from logos_grammar.serving.follower import Follower
from logos_grammar.serving.logits import masked
from logos_grammar.serving.sentence import EOS, checked_stop_ids, words_of
from logos_grammar.serving.terms import Terms, read_terms


class RequestProcessor:
    """The processor of one request: ``(prompt_ids, output_ids, logits) -> logits``.

    Parameters
    ----------
    terms
        What to generate, as :func:`logos_grammar.serving.read_terms` reads it.
    max_tokens
        How many tokens are generated at most; the sentence is complete within them.
    stop_ids
        What ends generation; by default the ``<eos>`` of the grammar.
    first_id
        The model's id of the grammar's id 0.

    Raises
    ------
    ValueError
        When the terms cannot be read, or a stop id is a token of the grammar.
    """

    def __init__(
        self,
        terms: str | Mapping[str, Any] | Terms,
        *,
        max_tokens: int | None = None,
        stop_ids: Collection[int] | None = None,
        first_id: int = 0,
    ) -> None:
        self._terms = terms if isinstance(terms, Terms) else read_terms(terms, first_id=first_id)
        self._max_tokens = max_tokens
        given = (first_id + EOS,) if stop_ids is None else stop_ids
        self._stop_ids = checked_stop_ids(given, first_id=first_id)
        self._first_id = first_id
        self._prompt: list[int] | None = None
        self._follower: Follower | None = None

    def __call__(
        self, prompt_ids: Sequence[int] | None, output_ids: Sequence[int], logits: torch.Tensor
    ) -> torch.Tensor:
        """Mask the logits of the next token, shape [width], in place."""
        prompt = list(prompt_ids or ())
        if self._follower is None or prompt != self._prompt:
            self._prompt = prompt
            self._follower = Follower(
                self._terms,
                prompt,
                max_new_tokens=self._max_tokens,
                stop_ids=self._stop_ids,
                first_id=self._first_id,
            )
        words = np.zeros((1, words_of(logits.shape[-1])), dtype=np.int32)
        self._follower.fill(output_ids, words, 0)
        masked(logits.view(1, -1), [0], words)
        return logits

    def clone(self) -> RequestProcessor:
        """A processor of the same terms for another request."""
        return RequestProcessor(
            self._terms,
            max_tokens=self._max_tokens,
            stop_ids=self._stop_ids,
            first_id=self._first_id,
        )
