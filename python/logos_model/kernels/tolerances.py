"""How far a kernel may be from its reference in 64 bits: one table for all kernels.

An error is the norm of the difference over the norm of the reference, so that it does not depend on
a tensor's size or scale. In bfloat16 the inputs themselves are rounded, so the bound there is
relative: at most `BFLOAT16_TIMES_TORCH` times the error of plain torch on the same inputs.
"""

from __future__ import annotations

import torch
from torch import Tensor

RELATIVE_ERROR = {torch.float64: 1e-12, torch.float32: 1e-5}
BFLOAT16_TIMES_TORCH = 2.0


def relative_error(found: Tensor, expected: Tensor) -> float:
    """Return the norm of the difference over the norm of `expected`, nan if `found` has one."""
    difference = found.double() - expected.double()
    return float(difference.norm() / expected.double().norm())
