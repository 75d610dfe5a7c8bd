"""New rows alone: the first steps of an extended model change nothing that the base has."""

from __future__ import annotations

import torch
from torch import nn
from torch.distributed.tensor import DTensor

from logos_model.parallel import local

_EXTENDED = ("model.embed_tokens.weight", "lm_head.weight")


@torch.no_grad()
def keep_new_rows(model: nn.Module, *, first_id: int) -> None:
    """Drop every gradient but those of the rows from `first_id` on of the embedding and the head.

    Parameters
    ----------
    model
        Sharded over the ranks or not, after the backward pass.
    first_id
        The first new row.
    """
    for name, weight in model.named_parameters():
        if weight.grad is None:
            continue
        if name not in _EXTENDED:
            weight.grad = None
            continue
        begin = 0
        if isinstance(weight.grad, DTensor):
            # `fully_shard` gives each rank as many rows as the first, the last what is left.
            mesh = weight.grad.device_mesh
            begin = mesh.get_local_rank() * -(-len(weight) // mesh.size())
        local(weight.grad)[: max(0, first_id - begin)] = 0
