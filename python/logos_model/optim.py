"""Optimisation: AdamW in two groups, and a learning rate that warms up and falls as a cosine."""

from __future__ import annotations

import math

import torch
from torch import nn

from logos_model.config import Config, OptimizerConfig


def adamw(model: nn.Module, config: OptimizerConfig) -> torch.optim.AdamW:
    """Return decoupled AdamW over `model`, its decay on the matrices of the layers and the head.

    Norms and embeddings (and so a head tied to the embedding) are not decayed.
    """
    decayed: list[nn.Parameter] = []
    kept: list[nn.Parameter] = []
    for name, weight in model.named_parameters():
        (kept if weight.ndim < 2 or "embed_tokens" in name else decayed).append(weight)
    return torch.optim.AdamW(
        [
            {"params": decayed, "weight_decay": config.weight_decay},
            {"params": kept, "weight_decay": 0.0},
        ],
        lr=config.learning_rate,
        betas=(config.beta1, config.beta2),
    )


def learning_rate(step: int, config: Config) -> float:
    """Return the learning rate of `step`, counted from 0."""
    optimizer, steps = config.optimizer, config.training.steps
    height, warmup = optimizer.learning_rate, optimizer.warmup_steps
    if step < warmup:
        return height * (step + 1) / warmup
    if optimizer.schedule == "cosine":
        share = min(1.0, (step - warmup) / max(1, steps - warmup))
        kept = 0.5 * (1.0 + math.cos(math.pi * share))
    else:
        begin = max(warmup, steps - round(optimizer.decay_share * steps))
        kept = 1.0 - min(1.0, max(0, step - begin) / max(1, steps - begin))
    return height * (kept + (1.0 - kept) * optimizer.final_share)


def set_learning_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Give every group of `optimizer` the learning rate `rate`."""
    for group in optimizer.param_groups:
        group["lr"] = rate
