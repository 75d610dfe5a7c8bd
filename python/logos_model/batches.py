"""Pass: what one forward pass of the model reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from logos_model.config import IGNORED
from logos_model.kernels.varlen_attention import Documents, listed

_PADDING = 1024
"""Tokens of a document of padding at most, where `varlen_attn` reads it."""


@dataclass(frozen=True, kw_only=True)
class Pass:
    """What one forward pass reads: rows of packed documents, one after another in a flat stream.

    Shape suffix: N tokens of the stream, which is the same for every pass of a run.

    Attributes
    ----------
    ids_N
        What the model reads, int64: `<bos>` and the document without its last token, then the
        next document. What is left of a row is `<pad>`.
    targets_N
        The next token, int64; `IGNORED` where there is padding or a prompt.
    begin_N, end_N
        Place in the stream at which each token's document begins and ends (exclusive), int32.
        Each padding token is a document of its own.
    position_N
        Position of each token in its document, int32. A later piece of a document that was split
        goes on where the piece before it ended, so a position may exceed the length of a row.
    documents
        The same for `varlen_attn`; None where that is not used.
    """

    ids_N: Tensor
    targets_N: Tensor
    begin_N: Tensor
    end_N: Tensor
    position_N: Tensor
    documents: Documents | None = None

    @property
    def inputs(self) -> dict[str, Any]:
        """What `Decoder.forward` takes."""
        return dict(vars(self))

    @property
    def targets(self) -> int:
        """Count of targets; reads the tensor, so ask before it is on a device."""
        return int((self.targets_N != IGNORED).sum())

    @property
    def context(self) -> int:
        """Tokens that the targets attend to, themselves counted, summed over the targets."""
        place_N = torch.arange(len(self.begin_N))
        return int((place_N - self.begin_N + 1)[self.targets_N != IGNORED].sum())

    def with_documents(self) -> Pass:
        """Return the same pass, on the processor, with its list of documents."""
        place_N = torch.arange(len(self.begin_N))
        is_padding_N = (self.end_N - self.begin_N == 1) & (self.targets_N == IGNORED)
        # What has no target may read anything: a document of padding has many tokens.
        goes_on_N = is_padding_N & is_padding_N.roll(1) & (place_N % _PADDING != 0)
        return replace(self, documents=listed((self.begin_N == place_N) & ~goes_on_N))

    def to(self, device: torch.device) -> Pass:
        """Return the same pass on `device`; from pinned memory the copies do not wait."""
        return self._with_each(lambda tensor: tensor.to(device, non_blocking=True))

    def pinned(self) -> Pass:
        """Return the same pass in pinned memory."""
        return self._with_each(Tensor.pin_memory)

    def _with_each(self, change: Callable[[Tensor], Tensor]) -> Pass:
        found: dict[str, Any] = {
            name: change(x) for name, x in vars(self).items() if isinstance(x, Tensor)
        }
        if self.documents is None:
            return replace(self, **found)
        ends_D = change(self.documents.ends_D)
        return replace(self, **found, documents=self.documents._replace(ends_D=ends_D))
