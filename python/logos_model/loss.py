"""The loss: cross entropy of the next token, padding left out.

Shape suffixes: B batch rows, T tokens of a row, V vocabulary, N tokens in one flat row.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

IGNORED = -100
"""Target of a place that is padding: no loss is taken there."""


def cross_entropy(logits_BTV: Tensor, targets_BT: Tensor) -> Tensor:
    """Return the mean cross entropy in nats, over the places whose target is not `IGNORED`.

    Computed in 32 bits, whatever the logits are in. A batch without any target has no mean: the
    result is then not a number.
    """
    logits_NV = logits_BTV.flatten(0, 1).float()
    return F.cross_entropy(logits_NV, targets_BT.flatten(), ignore_index=IGNORED)
