"""How the rows of an extension lie among the base's, and what they do to its text.

Shape suffixes: V rows of the base, L rows of the block, D width, N tokens of a text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

import logos_grammar as lg

_MOST_TOKENS = 1024


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """One extended matrix.

    Attributes
    ----------
    old_norm, new_norm
        Mean norm of the rows.
    nearest
        Mean cosine of a new row and the nearest other new row: near 1, tokens are hardly told
        apart.
    pair
        The two new rows that are nearest to each other, by the names of their tokens.
    """

    old_norm: float
    new_norm: float
    nearest: float
    pair: tuple[str, str]

    def __str__(self) -> str:
        return (
            f"mean norm of old rows {self.old_norm:.4g}, of new rows {self.new_norm:.4g}; "
            f"cosine of a new row and the nearest other {self.nearest:.3f} on average, "
            f"nearest of all {self.pair[0]} and {self.pair[1]}"
        )


@dataclass(frozen=True, kw_only=True)
class TextMeasure:
    """A text under the base and under the extended model, in nats per token.

    Attributes
    ----------
    tokens
        Tokens that were predicted.
    before, after
        Mean negative log-likelihood.
    new_mass
        Mean probability that the extended model gives to the new rows.
    """

    tokens: int
    before: float
    after: float
    new_mass: float

    def __str__(self) -> str:
        return (
            f"text of {self.tokens} tokens: {self.before:.4f} nats per token before, "
            f"{self.after:.4f} after, {100 * self.new_mass:.3g} % of the probability on new rows"
        )


@dataclass(frozen=True, kw_only=True)
class Report:
    """What `python -m logos_model.extend` prints; `str()` is its lines."""

    embedding: Matrix
    head: Matrix | None
    text: TextMeasure | None = None

    def measured(self, base: Path, extended: Path, ids: list[int], *, first_id: int) -> Report:
        """Return the report with a measurement on a text, of which the first tokens are read."""
        from transformers import AutoModelForCausalLM  # noqa: PLC0415 (an extra)

        ids_N = torch.tensor(ids[:_MOST_TOKENS])
        logits = []
        for folder in (base, extended):
            model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
            with torch.inference_mode():
                logits.append(model(input_ids=ids_N[None]).logits[0, :-1].float())
            del model
        before, after = (F.cross_entropy(each, ids_N[1:]).item() for each in logits)
        new_mass = logits[1].softmax(-1)[:, first_id:].sum(-1).mean().item()
        measure = TextMeasure(tokens=len(ids_N) - 1, before=before, after=after, new_mass=new_mass)
        return replace(self, text=measure)

    def __str__(self) -> str:
        lines = [f"embedding: {self.embedding}"]
        lines.append("head: tied" if self.head is None else f"head: {self.head}")
        if self.text is not None:
            lines.append(str(self.text))
        return "\n".join(lines)


def report(embedding: Tensor, head: Tensor | None, *, first_id: int) -> Report:
    """Describe the extended matrices, [first_id + L, D] each; no head where it is tied."""
    return Report(
        embedding=_described(embedding, first_id),
        head=None if head is None else _described(head, first_id),
    )


def _described(rows: Tensor, first_id: int) -> Matrix:
    named = list(lg.vocabulary)
    old_norm = sum(
        rows[begin : min(begin + 4096, first_id)].float().norm(dim=1).sum().item()
        for begin in range(0, first_id, 4096)
    )
    new_LD = rows[first_id:].float()[named]
    unit_LD = F.normalize(new_LD, dim=1)
    nearest, partner = [], []
    for begin in range(0, len(unit_LD), 1024):
        cosines = unit_LD[begin : begin + 1024] @ unit_LD.T
        own = torch.arange(len(cosines))
        cosines[own, own + begin] = -1.0
        best = cosines.max(1)
        nearest.append(best.values)
        partner.append(best.indices)
    nearest_L, partner_L = torch.cat(nearest), torch.cat(partner)
    at = int(nearest_L.argmax())
    names = [lg.vocabulary.name(named[place]) for place in (at, int(partner_L[at]))]
    return Matrix(
        old_norm=old_norm / first_id,
        new_norm=new_LD.norm(dim=1).mean().item(),
        nearest=nearest_L.mean().item(),
        pair=(names[0], names[1]),
    )
