"""The loss of a batch: mean cross entropy of the next token, padding left out.

Shape suffixes: B batch rows, T tokens of a row, D width.
"""

from __future__ import annotations

from torch import Tensor

from logos_model.batches import Batch
from logos_model.decoder import Decoder
from logos_model.kernels.linear_cross_entropy import linear_cross_entropy


def next_token_loss(model: Decoder, batch: Batch) -> Tensor:
    """Return the mean loss of `model` over the targets of `batch`, nats per token, a scalar."""
    h_BTD: Tensor = model.model(
        batch.ids_BT, documents_BT=batch.documents_BT, positions_BT=batch.positions_BT
    )
    return linear_cross_entropy(
        h_BTD.flatten(0, 1), model.lm_head.weight, batch.targets_BT.flatten()
    )
