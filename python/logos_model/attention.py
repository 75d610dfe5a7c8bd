"""Attention: which of two kernels a run takes, and why."""

from __future__ import annotations

import torch

from logos_model.config import Config, ConfigError
from logos_model.kernels.varlen_attention import MULTIPLE, WIDEST
from logos_model.parallel import product_dtype

LONG = 1000
"""Tokens that a token attends to on average, from which `varlen_attn` is taken."""


def takes_varlen(config: Config, *, context: float, device: torch.device) -> tuple[bool, str]:
    """Return whether a run takes torch's `varlen_attn`, and a sentence that says so.

    Parameters
    ----------
    config
        `system.attention`, and what `varlen_attn` depends on.
    context
        Tokens that a token of the data attends to on average.
    device
        Where the run computes.

    Raises
    ------
    ConfigError
        If "varlen" is wanted where it cannot run.
    """
    wanted, lacking = config.system.attention, _lacking(config, device)
    if wanted == "varlen" and lacking:
        raise ConfigError(
            f'expected {lacking} for system.attention "varlen": choose "auto" or "documents"'
        )
    if wanted != "auto":
        name = "varlen_attn" if wanted == "varlen" else "by document"
        return wanted == "varlen", f"attention: {name}, as system.attention says"
    seen = f"a token attends to {context:,.0f} tokens on average"
    if context < LONG:
        return False, f"attention: by document, as {seen}"
    if lacking:
        return False, f"attention: by document, though {seen}: varlen_attn needs {lacking}"
    return True, f"attention: varlen_attn, as {seen}"


def _lacking(config: Config, device: torch.device) -> str:
    """Return what `varlen_attn` needs and the run does not have; "" if it can run."""
    E = config.model.head_dim
    if device.type != "cuda":
        return "a GPU"
    if product_dtype(config.system, device) != torch.bfloat16:
        return 'system.precision "bfloat16"'
    if config.system.deterministic:
        # Its gradient of the queries is added up in any order.
        return "system.deterministic = false"
    if E % MULTIPLE or E > WIDEST:
        return f"model.head_dim of a multiple of {MULTIPLE} up to {WIDEST}"
    return ""
