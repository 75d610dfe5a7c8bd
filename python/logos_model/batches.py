"""Pass: what one forward pass of the model reads."""

from __future__ import annotations

from dataclasses import dataclass, fields

import torch
from torch import Tensor

from logos_model.config import IGNORED


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
    """

    ids_N: Tensor
    targets_N: Tensor
    begin_N: Tensor
    end_N: Tensor
    position_N: Tensor

    @property
    def targets(self) -> int:
        """Count of targets; reads the tensor, so ask before it is on a device."""
        return int((self.targets_N != IGNORED).sum())

    @property
    def context(self) -> int:
        """Tokens that the targets attend to, themselves counted, summed over the targets."""
        place_N = torch.arange(len(self.begin_N))
        return int((place_N - self.begin_N + 1)[self.targets_N != IGNORED].sum())

    def to(self, device: torch.device) -> Pass:
        """Return the same pass on `device`; from pinned memory the copies do not wait."""
        return Pass(
            **{
                field.name: getattr(self, field.name).to(device, non_blocking=True)
                for field in fields(self)
            }
        )

    def pinned(self) -> Pass:
        """Return the same pass in pinned memory."""
        return Pass(
            **{field.name: getattr(self, field.name).pin_memory() for field in fields(self)}
        )
