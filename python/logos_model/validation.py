"""Validation: what a model says of held-out documents, by kind of object and by the grammar.

Shape suffixes: N tokens of the stream, S states of the grammar, V rows of the vocabulary.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.distributed.fsdp import FSDPModule

from logos_model.batches import Pass
from logos_model.config import BOS, IGNORED, ModelConfig
from logos_model.grammar import Grammar
from logos_model.loss import LegalTokens
from logos_model.parallel import Ranks

OTHER = "other"
"""The kind of text, and of later parts of a document that was split."""


@dataclass(kw_only=True)
class Measure:
    """Sums over documents.

    Attributes
    ----------
    objects, tokens
        Documents and their targets.
    nats, legal_nats
        Negative log-likelihood of the targets, and the same among legal tokens only.
    illegal
        Probability of the tokens that the grammar does not allow, summed over the targets.
    """

    objects: int = 0
    tokens: int = 0
    nats: float = 0.0
    legal_nats: float = 0.0
    illegal: float = 0.0

    def add(self, other: Measure) -> None:
        """Add another sum to this one."""
        for name, value in asdict(other).items():
            setattr(self, name, getattr(self, name) + value)

    def record(self) -> dict[str, Any]:
        """Return means: nats a token, bits an object, illegal mass a token."""
        tokens = max(1, self.tokens)
        return {
            "objects": self.objects,
            "loss": self.nats / tokens,
            "legal_loss": self.legal_nats / tokens,
            "bits_per_object": self.nats / math.log(2) / max(1, self.objects),
            "illegal_mass": self.illegal / tokens,
        }


@torch.no_grad()
def validate(
    model: nn.Module, passes: Iterable[Pass], *, grammar: Grammar, shape: ModelConfig, ranks: Ranks
) -> dict[str, Measure]:
    """Return sums by kind of object over the passes of all ranks, the kind "all" first.

    Parameters
    ----------
    model
        Sharded over the ranks.
    passes
        What this rank measures; every rank has as many.
    grammar
        Says which tokens are legal.
    shape
        Of the model.
    ranks
        The processes of the run.
    """
    found: dict[str, Measure] = {}
    states = States(grammar, shape)
    for one in passes:
        documents = documents_of(one)
        legal = states.of(one, documents)
        measures_2N = model(
            **one.to(ranks.device).inputs,
            legal=LegalTokens(*(part.to(ranks.device) for part in legal)),
        )
        nats_N, mass_N = measures_2N.double().cpu().numpy()
        is_target_N = one.targets_N.numpy() != IGNORED
        for begin, end, kind in documents:
            here = slice(begin, end)
            measure = Measure(
                objects=1,
                tokens=int(is_target_N[here].sum()),
                nats=float(nats_N[here].sum()),
                legal_nats=float((nats_N + mass_N)[here].sum()),
                illegal=float((1.0 - np.exp(mass_N[here])).sum()),
            )
            name = states.kinds.get(kind, OTHER)
            found.setdefault(name, Measure()).add(measure)
    if isinstance(model, FSDPModule):
        # Without a backward pass the root would stay whole, and its parameters be others.
        model.reshard()
    return _over_ranks(found, ranks)


def documents_of(one: Pass) -> list[tuple[int, int, int]]:
    """Return begin and end of each document of a pass, and the id that opens it, 0 for a part."""
    begins, ends, ids = one.begin_N.numpy(), one.end_N.numpy(), one.ids_N.numpy()
    is_padding = one.targets_N.numpy() == IGNORED
    places = np.flatnonzero(begins == np.arange(len(begins)))
    found = []
    for begin in places.tolist():
        end = int(ends[begin])
        if end - begin == 1 and is_padding[begin]:
            continue
        whole = one.position_N[begin] == 0 and end - begin > 1
        found.append((begin, end, int(ids[begin + 1]) if whole else 0))
    return found


class States:
    """The states of the grammar that documents go through, of each the tokens that it allows."""

    def __init__(self, grammar: Grammar, shape: ModelConfig) -> None:
        self._first_id = shape.first_id
        self._rows = shape.vocab_size
        self._grammar = grammar
        self.kinds = {id + self._first_id: name for name, id in grammar.kinds().items()}

    def of(
        self, one: Pass, documents: list[tuple[int, int, int]]
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the state of each place, int64 [N], and the tokens of each state, bool [S, V].

        State 0 allows everything: padding, text, and parts whose beginning is elsewhere.
        """
        ids_N = one.ids_N.numpy()
        state_N = np.zeros(len(ids_N), dtype=np.int64)
        numbers: dict[bytes, int] = {}
        masks: list[NDArray[np.bool_]] = [np.ones(self._rows, dtype=np.bool_)]
        for begin, end, kind in documents:
            if kind not in self.kinds or ids_N[begin] != BOS + self._first_id:
                continue
            ids = ids_N[begin + 1 : end] - self._first_id
            states, masks_SV = self._grammar.masks(ids.astype(np.uint16))
            known = np.empty(len(masks_SV), dtype=np.int64)
            for row, mask_V in enumerate(masks_SV):
                key = mask_V.tobytes()
                if key not in numbers:
                    numbers[key] = len(masks)
                    masks.append(self._in_rows(mask_V))
                known[row] = numbers[key]
            state_N[begin:end] = known[states]
        return torch.from_numpy(state_N), torch.from_numpy(np.stack(masks))

    def _in_rows(self, mask_V: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return a mask over the grammar's ids as one over the model's rows."""
        rows = np.zeros(self._rows, dtype=np.bool_)
        part = mask_V[: self._rows - self._first_id]
        rows[self._first_id : self._first_id + len(part)] = part
        return rows


def _over_ranks(found: dict[str, Measure], ranks: Ranks) -> dict[str, Measure]:
    """Return the sums of all ranks, with their total as the kind "all"."""
    total: dict[str, Measure] = {"all": Measure()}
    for each in ranks.gather(found):
        for kind, measure in each.items():
            total.setdefault(kind, Measure()).add(measure)
            total["all"].add(measure)
    return total
