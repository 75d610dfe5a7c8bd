"""Recomputation: which results of a layer the backward pass reads and which it computes again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import torch
from torch.utils.checkpoint import (
    CheckpointPolicy,
    create_selective_checkpoint_contexts,
)

Contexts = tuple[AbstractContextManager[Any], AbstractContextManager[Any]]

_PRODUCTS = {torch.ops.aten.mm.default, torch.ops.aten.addmm.default}


def keep_products() -> Contexts:
    """Return contexts in which attention and every second matrix product are kept."""
    contexts: Contexts = create_selective_checkpoint_contexts(_kept_products())  # type: ignore[no-untyped-call]
    return contexts


def _kept_products() -> Callable[..., CheckpointPolicy]:
    """Return a policy with counts of its own."""
    counts = {False: 0, True: 0}

    def policy(context: Any, operator: Any, *_: Any, **__: Any) -> CheckpointPolicy:
        if operator in _PRODUCTS:
            counts[context.is_recompute] += 1
            keep = counts[context.is_recompute] % 2 == 1
        else:
            # Attention is an operator of this package's own, or torch's `varlen_attn`.
            keep = operator.namespace in ("logos", "torch_attn")
        return CheckpointPolicy.MUST_SAVE if keep else CheckpointPolicy.PREFER_RECOMPUTE

    return policy
