"""Slots: sequences drawn side by side; one that ends makes room for the next.

While the model reads the tokens that were drawn last, the processor steps the recognizers and
writes the masks of the next draw. So a sequence is known to have ended one step after it has, and
that step of its slot is lost.

Shape suffixes: B slots, V ids that can be drawn, W words of a mask (32 ids each).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from logos_model.config import BOS, EOS
from logos_model.config_error import ConfigError
from logos_model.decoder import Decoder
from logos_model.device import threads_for
from logos_model.generation.choosers import Chooser, Pending
from logos_model.generation.forward import Forward
from logos_model.generation.legal import Legal
from logos_model.generation.sampling import Sampling
from logos_model.grammar import Grammar, Ids, Reader
from logos_model.samples import Sample

OnProgress = Callable[[int, int], None]
"""Told after each step how many samples are done and how many tokens were drawn."""

_NONE = -1
"""The sample of a slot that has none."""


@torch.inference_mode()
def draw(  # noqa: PLR0913 (each a choice of the user's)
    model: Decoder,
    grammar: Grammar,
    *,
    count: int,
    limit: int,
    prefix: Sequence[int] = (),
    sampling: Sampling | None = None,
    slots: int = 256,
    first_sample: int = 0,
    on_progress: OnProgress | None = None,
) -> list[Sample]:
    """Draw samples.

    What a sample is follows from the model, the seed and its number; of the number of slots it
    depends only as far as the rounding of a matrix product depends on its shape.

    Parameters
    ----------
    model
        The model, on any device; its weights have the precision in which it computes.
    grammar
        Says what may come next, and reads what ended.
    count
        Samples.
    limit
        Tokens of a sample, the prefix counted and `<bos>` and `<eos>` not; at most the model's
        context. The grammar allows nothing after which a sample could not be a whole sentence
        within it.
    prefix
        Ids that every sample begins with, such as an opening tag; may be empty.
    sampling
        How ids are drawn.
    slots
        Sequences side by side.
    first_sample
        Number of the first sample.
    on_progress
        Told after each step how far the drawing is.

    Returns
    -------
    list of Sample
        In the order of their numbers.

    Raises
    ------
    ConfigError
        If the limit does not lie between the prefix and the context, the prefix is a whole
        sentence, or no sentence begins with it within the limit.
    """
    context = model.config.max_position_embeddings
    if not len(prefix) < limit <= context:
        raise ConfigError(f"expected a limit from {len(prefix) + 1} to {context}, got {limit}")
    if count < 1 or slots < 1:
        raise ConfigError(f"expected samples and slots, got {count} samples and {slots} slots")
    sampling = sampling or Sampling()
    was_training = model.training
    model.eval()
    with threads_for(model):
        drawing = _Drawing(
            model, grammar, count, limit, prefix, sampling, min(slots, count), first_sample
        )
        drawing.run(on_progress)
    model.train(was_training)
    return drawing.samples()


class _Drawing:
    """The sequences of one call of `draw`: arrays by slot, and what became of each sample."""

    def __init__(  # noqa: PLR0913, PLR0917 (what `draw` takes)
        self,
        model: Decoder,
        grammar: Grammar,
        count: int,
        limit: int,
        prefix: Sequence[int],
        sampling: Sampling,
        slots: int,
        first_sample: int,
    ) -> None:
        config = model.config
        self._grammar = grammar
        self._sampling = sampling
        self._limit = limit
        self._first_sample = first_sample
        rows = min(grammar.size, config.vocab_size - config.first_id)
        self._legal = (
            Legal(grammar, prefix, limit=limit, rows=rows) if sampling.with_grammar else None
        )
        self._chooser = Chooser(sampling, rows=rows, device=model.lm_head.weight.device)
        prompt = [config.first_id + id for id in (BOS, *prefix)]
        self._forward = Forward(
            model, slots=slots, limit=limit + 1, first=config.first_id, rows=rows
        )
        self._forward.read_prefix(prompt[:-1])
        self._first_id, self._prompt_end, self._begin = config.first_id, prompt[-1], len(prefix)
        self._ids = np.zeros((count, limit), dtype=np.uint16)
        self._ids[:, : len(prefix)] = prefix
        self._lengths = np.full(count, len(prefix))
        self._ended = np.zeros(count, dtype=bool)
        self._removed = np.zeros(count)
        self._sample_B = np.full(slots, _NONE)
        self._readers: list[Reader | None] = [None] * slots
        self._next = self._done = self._drawn = 0

    def run(self, on_progress: OnProgress | None) -> None:
        """Draw until every sample is done."""
        fresh_B = self._refilled(np.arange(len(self._sample_B)))
        position_B = self._fed(None, fresh_B)
        choice: Pending | None = None
        while self._done < len(self._lengths):
            self._forward.step(position_B)
            fresh_B = np.zeros(len(self._sample_B), dtype=bool)
            if choice is not None:
                fresh_B = self._settled(choice)
                if on_progress is not None:
                    on_progress(self._done, self._drawn)
                fresh_B = self._narrowed(fresh_B)
            is_drawn_B = (self._sample_B != _NONE) & ~fresh_B
            choice = self._chosen(is_drawn_B)
            position_B = self._fed(choice, fresh_B)

    def _chosen(self, is_drawn_B: NDArray[np.bool_]) -> Pending:
        """Draw the next id of some slots from the logits of the last step."""
        mask_BW = None
        if self._legal is not None:
            mask_BW = self._legal.masks(self._readers, is_drawn_B)
        at_B = self._lengths[self._sample_B]
        return self._chooser.draw(
            self._forward.logits_BV,
            mask_BW,
            is_drawn_B=is_drawn_B,
            sample_B=self._sample_B + self._first_sample,
            position_B=at_B,
        )

    def _fed(self, choice: Pending | None, fresh_B: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Give the next step its ids and positions; return the positions."""
        is_live_B = self._sample_B != _NONE
        # The token that was drawn last stands behind `<bos>` and those before it.
        position_B = np.where(is_live_B, self._lengths[self._sample_B] + 1, 0)
        position_B[fresh_B] = self._begin
        self._forward.feed(
            None if choice is None else choice.id_B,
            first_id=self._first_id,
            is_fresh_B=fresh_B,
            prompt_end=self._prompt_end,
            position_B=position_B,
        )
        return position_B

    def _settled(self, choice: Pending) -> NDArray[np.bool_]:
        """Take what was drawn; return which slots begin a new sample."""
        id_B, kept_B = choice.result()
        slots = np.flatnonzero(choice.is_drawn_B)
        samples, ids = self._sample_B[slots], id_B[slots]
        self._removed[samples] += 1.0 - kept_B[slots]
        at = self._lengths[samples]
        if self._legal is None:
            ended = ids == EOS
            samples, at, written = samples[~ended], at[~ended], ids[~ended]
        else:
            ended = self._legal.accept([self._readers[slot] for slot in slots], ids)
            written = ids
        self._ids[samples, at] = written
        self._lengths[samples] = at + 1
        self._drawn += len(slots)
        self._ended[self._sample_B[slots[ended]]] = True
        is_over = ended | (self._lengths[self._sample_B[slots]] == self._limit)
        self._done += int(is_over.sum())
        return self._refilled(slots[is_over])

    def _refilled(self, slots: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Let free slots begin the next samples, as long as there are some."""
        fresh_B = np.zeros(len(self._sample_B), dtype=bool)
        self._sample_B[slots] = _NONE
        taken = slots[: len(self._lengths) - self._next]
        self._sample_B[taken] = np.arange(self._next, self._next + len(taken))
        self._next += len(taken)
        if self._legal is not None:
            for slot in taken.tolist():
                self._readers[slot] = self._legal.begun.fork()
        fresh_B[taken] = True
        self._forward.admit(taken)
        return fresh_B

    def _narrowed(self, fresh_B: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """On a processor, drop slots at the end, when most of them have nothing left to do."""
        live = np.flatnonzero(self._sample_B != _NONE)
        if self._forward.is_recorded or 2 * len(live) > len(self._sample_B) or not len(live):
            return fresh_B
        self._forward.keep(live)
        self._sample_B = self._sample_B[live]
        self._readers = [self._readers[slot] for slot in live]
        return fresh_B[live]

    def samples(self) -> list[Sample]:
        """Return what was drawn."""
        openings = {id: name for name, id in self._grammar.kinds().items()}
        return [
            _read(
                self._grammar,
                kind=openings.get(int(ids[0]), "") if length else "",
                ids=ids[:length].copy(),
                ended=bool(ended),
                mass_removed=float(removed / max(1, length - self._begin)),
            )
            for ids, length, ended, removed in zip(
                self._ids, self._lengths, self._ended, self._removed, strict=True
            )
        ]


def _read(grammar: Grammar, *, kind: str, ids: Ids, ended: bool, mass_removed: float) -> Sample:
    text: str | None = None
    error: str | None = None
    if ended:
        try:
            text = grammar.to_text(ids)
        except ValueError as refusal:
            error = str(refusal)
    return Sample(
        kind=kind, ids=ids, ended=ended, text=text, error=error, mass_removed=mass_removed
    )
