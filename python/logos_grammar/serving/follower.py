"""The sentence of one request, followed as its tokens come, are taken back and come again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt

from logos_grammar.serving.sentence import EOS, Sentence, allow
from logos_grammar.serving.terms import Terms, read_terms

_log = logging.getLogger(__name__)


@contextmanager
def ending_one_request(end: Callable[[], None]) -> Iterator[None]:
    """Log what is raised in this block and end the request, so that no other ends with it.

    What :func:`logos_grammar.serving.read_terms` and the grammar refuse is logged in a line;
    anything else is a fault of this library, and is logged with its traceback.
    """
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except ValueError as error:
        _log.error("a request is ended: %s", error)
        end()
    except BaseException:  # a panic of the core is not an Exception
        _log.exception("a request is ended by a fault of logos_grammar")
        end()


class Follower:
    """Says after each token of a request what may follow.

    An engine that serves many requests cannot refuse one of them while it runs, and what is raised
    there ends all of them. So nothing is raised here: a request whose terms cannot be read, or
    whose prompt begins no sentence or none that is complete within the limit, is logged as an error
    and ended at once, and so is one in which anything else fails: nothing but stop ids is allowed.
    :func:`logos_grammar.serving.request` refuses it before it is sent.

    Parameters
    ----------
    terms
        What to generate, as :func:`logos_grammar.serving.read_terms` reads it.
    prompt_ids
        The prompt.
    max_new_tokens
        How many tokens are generated at most.
    stop_ids
        What ends generation.
    first_id
        The model's id of the grammar's id 0; prompt, output and masks have the model's ids.
    """

    def __init__(
        self,
        terms: str | Mapping[str, Any] | Terms,
        prompt_ids: Sequence[int],
        *,
        max_new_tokens: int | None,
        stop_ids: Collection[int],
        first_id: int = 0,
    ) -> None:
        self._stop_ids = frozenset(stop_ids)
        self._first_id = first_id
        self._taken: list[int] = []
        self._sentence: Sentence | None = None
        with ending_one_request(self.end):
            terms = terms if isinstance(terms, Terms) else read_terms(terms, first_id=first_id)
            prefix = terms.prefix_in(prompt_ids, first_id=first_id)
            limit = None if max_new_tokens is None else len(prefix) + max_new_tokens
            ends: dict[str, Any] = {"stop_ids": self._stop_ids, "first_id": first_id}
            self._sentence = terms.sentence(prefix, limit=limit, **ends)

    def end(self) -> None:
        """Allow nothing but stop ids from now on."""
        self._sentence = None

    def fill(self, output_ids: Sequence[int], mask: npt.NDArray[np.int32], row: int) -> bool:
        """Write what may follow some output into one row of a mask.

        Parameters
        ----------
        output_ids
            All tokens after the prompt, which need not continue those of the last call.
        mask
            int32, shape [rows, words]; bit ``id % 32`` of word ``id // 32``.
        row
            The row, which is overwritten.

        Returns
        -------
        allowed
            Whether all of the output was allowed; if not, only stop ids may follow it.
        """
        sentence = self._sentence
        if sentence is not None:
            with ending_one_request(self.end):
                if self._follow(sentence, output_ids):
                    sentence.fill(mask, row)
                    return True
        mask[row] = 0
        allow(mask, row, self._stop_ids)
        if not mask[row].any():  # each stop id lies behind the logits
            allow(mask, row, (self._first_id + EOS,))
        return False

    def _follow(self, sentence: Sentence, output_ids: Sequence[int]) -> bool:
        output = list(output_ids)
        same = len(self._taken)
        if output[:same] != self._taken:
            pairs = zip(output, self._taken, strict=False)
            same = next((at for at, (new, old) in enumerate(pairs) if new != old), len(output))
            sentence.rollback(len(self._taken) - same)
        more = output[same:]
        self._taken = output[: same + sentence.accept_many(more)]
        return len(self._taken) == len(output)
