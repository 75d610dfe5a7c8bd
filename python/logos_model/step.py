"""One step of training: gradients of all passes and ranks, their mean, and what the optimizer does.

The loss is the mean over all targets of the step: sums are added up over passes and ranks before
they are divided. Nothing in a step waits for a GPU; its numbers are read one step later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from logos_model.batches import Pass
from logos_model.new_rows import keep_new_rows
from logos_model.optim import Optimizer
from logos_model.parallel import Ranks, local, whole


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """What a step came to, over all ranks.

    Attributes
    ----------
    loss
        Mean over the targets, nats per token.
    norm
        Norm of its gradient, before it was clipped.
    targets
        Tokens that were predicted.
    context
        Tokens that these attended to, themselves counted, summed over them.
    stop
        Ranks that were told to stop.
    """

    loss: float
    norm: float
    targets: int
    context: int
    stop: int

    @property
    def is_skipped(self) -> bool:
        """Whether the gradient was not finite, so that the optimizer changed nothing."""
        return not -float("inf") < self.norm < float("inf")


class Late:
    """Numbers on their way from the device; `read` waits for them."""

    def __init__(self, values: Tensor) -> None:
        self._event: torch.cuda.Event | None = None
        if values.is_cuda:
            self._values = torch.empty(values.shape, dtype=values.dtype, pin_memory=True)
            self._values.copy_(values, non_blocking=True)
            self._event = torch.cuda.Event()  # type: ignore[no-untyped-call]
            self._event.record()
        else:
            self._values = values

    def read(self) -> Numbers:
        """Return the numbers."""
        if self._event is not None:
            self._event.synchronize()
        loss, norm, targets, context, stop = self._values.tolist()
        return Numbers(
            loss=loss, norm=norm, targets=int(targets), context=int(context), stop=int(stop)
        )


def take_step(  # noqa: PLR0913 (the parts of a step)
    model: nn.Module,
    optimizer: Optimizer,
    passes: Sequence[Pass],
    *,
    ranks: Ranks,
    clip_norm: float,
    is_stopping: bool = False,
    head_choice: int | None = None,
    new_rows_from: int | None = None,
) -> Late:
    """Take one step and return its numbers, still on their way.

    Parameters
    ----------
    model
        Sharded over the ranks.
    optimizer
        Its learning rate is set.
    passes
        What this rank takes; every rank has as many.
    ranks
        The processes of the run.
    clip_norm
        A gradient of a larger norm is scaled down to it.
    is_stopping
        Whether this rank was told to stop.
    head_choice
        Which tokens take the whole head of an extended model; None for all.
    new_rows_from
        The first row of the vocabulary that is changed, and nothing else is; None for everything.
    """
    targets = sum(one.targets for one in passes)
    context = sum(one.context for one in passes)
    sums = torch.tensor([0.0, targets, context, is_stopping], dtype=torch.float64)
    if ranks.device.type == "cuda":
        sums = sums.pin_memory().to(ranks.device, non_blocking=True)
    for one in passes:
        loss = model(**one.to(ranks.device).inputs, head_choice=head_choice)
        # `fully_shard` takes the mean over the ranks; the sum is wanted.
        torch.autograd.backward(loss * ranks.count)
        sums[0] += loss.detach()
    ranks.sum(sums)
    if new_rows_from is not None:
        keep_new_rows(model, first_id=new_rows_from)
    norm = clip_to_mean(model, targets=sums[1], clip_norm=clip_norm)
    optimizer.step(torch.isfinite(norm))
    optimizer.zero_grad()
    return Late(torch.stack([sums[0] / sums[1], norm.double(), *sums[1:]]))


@torch.no_grad()
def clip_to_mean(model: nn.Module, *, targets: Tensor, clip_norm: float) -> Tensor:
    """Divide the gradients of a sum by its targets and clip them; return their norm before."""
    gradients = [weight.grad for weight in model.parameters() if weight.grad is not None]
    norm = whole(torch.nn.utils.get_total_norm(gradients)) / targets.to(gradients[0].dtype)
    scale = (clip_norm / (norm + 1e-6)).clamp(max=1.0) / targets.to(norm.dtype)
    torch._foreach_mul_([local(gradient) for gradient in gradients], scale)
    return norm
