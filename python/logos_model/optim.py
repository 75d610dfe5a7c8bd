"""Optimization: AdamW, optionally Muon for the matrices of the layers, and the learning rate."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

from logos_model.config import Config, OptimizerConfig


class Optimizer:
    """The optimizers of a run as one; a step whose gradient is not finite changes nothing.

    Matrices of the layers and an untied head are decayed; embeddings and norms are not. With
    `base_width`, the rates of matrices fall with the width that they read.

    Parameters
    ----------
    model
        Whose parameters are optimized; sharded or not.
    config
        Which optimizer, and its numbers.
    """

    def __init__(self, model: nn.Module, config: OptimizerConfig) -> None:
        self._names: dict[Tensor, str] = {weight: name for name, weight in model.named_parameters()}
        hidden: dict[float, list[nn.Parameter]] = {}
        heads: dict[float, list[nn.Parameter]] = {}
        plain: list[nn.Parameter] = []
        for name, weight in model.named_parameters():
            if weight.ndim < 2 or "embed_tokens" in name:
                plain.append(weight)
                continue
            scale = config.base_width / weight.shape[1] if config.base_width else 1.0
            (hidden if "layers." in name else heads).setdefault(scale, []).append(weight)
        decay = config.weight_decay
        matrices = [_group(weights, scale, decay) for scale, weights in hidden.items()]
        rest = [_group(weights, scale, decay) for scale, weights in heads.items()]
        rest.append(_group(plain, 1.0, 0.0))
        self._muon: torch.optim.Muon | None = None
        if config.method == "muon":
            self._muon = torch.optim.Muon(
                matrices,
                lr=config.learning_rate,
                weight_decay=config.weight_decay,
                momentum=config.momentum,
                adjust_lr_fn="match_rms_adamw",
            )
        else:
            rest = matrices + rest
        self._adamw = torch.optim.AdamW(
            rest,
            lr=config.learning_rate,
            betas=(config.beta1, config.beta2),
            fused=True,
        )
        self._allocate()

    @property
    def groups(self) -> list[dict[str, Any]]:
        """All groups of parameters, each with its "scale" of the learning rate."""
        return [*([] if self._muon is None else self._muon.param_groups), *self._adamw.param_groups]

    def names_of(self, group: dict[str, Any]) -> list[str]:
        """Return the names of the parameters of one group."""
        return [self._names[weight] for weight in group["params"]]

    def set_rate(self, rate: float, *, decays: bool = True) -> None:
        """Give every group the learning rate `rate`, times its scale, and its decay or none."""
        for group in self.groups:
            group["lr"] = rate * group["scale"]
            group["weight_decay"] = group["decay"] if decays else 0.0

    def step(self, is_finite: Tensor) -> None:
        """Take a step, or none where `is_finite` (bool, on the device) is false.

        AdamW looks at it on the device. `torch.optim.Muon` cannot, so with it the value is read
        first: one wait a step, before much work.
        """
        if self._muon is not None:
            if not is_finite:
                return
            self._muon.step()  # type: ignore[no-untyped-call]
        fused: Any = self._adamw
        fused.grad_scale, fused.found_inf = None, (~is_finite).float()
        self._adamw.step()

    def zero_grad(self) -> None:
        """Drop the gradients."""
        for weight in self._names:
            weight.grad = None

    def state(self) -> dict[str, Tensor]:
        """Return every tensor of the optimizers by its parameter's name, without a copy."""
        tensors: dict[str, Tensor] = {}
        for optimizer in (self._muon, self._adamw):
            if optimizer is not None:
                for weight, moments in optimizer.state.items():
                    for moment, tensor in moments.items():
                        tensors[f"{self._names[weight]}.{moment}"] = tensor
        return tensors

    def _allocate(self) -> None:
        """Make the state that the first step would make, so that it can be loaded before."""
        for group in self._adamw.param_groups:
            for weight in group["params"]:
                self._adamw.state[weight] = {
                    "step": torch.zeros((), dtype=torch.float32, device=weight.device),
                    "exp_avg": torch.zeros_like(weight),
                    "exp_avg_sq": torch.zeros_like(weight),
                }
        for group in [] if self._muon is None else self._muon.param_groups:
            for weight in group["params"]:
                self._muon_state(weight)["momentum_buffer"] = torch.zeros_like(weight)

    def _muon_state(self, weight: nn.Parameter) -> dict[str, Tensor]:
        assert self._muon is not None
        state: dict[str, Tensor] = self._muon.state[weight]
        return state


def _group(weights: list[nn.Parameter], scale: float, decay: float) -> dict[str, Any]:
    return {"params": weights, "scale": scale, "weight_decay": decay, "decay": decay}


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
