"""Ranks: the processes of a run, and a model that is sharded over them.

One path for every run: `fully_shard` on each layer and on the root, also for one rank. Under
torchrun a process joins its group, without it a group of its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch._C._distributed_c10d import HashStore
from torch.distributed.device_mesh import DeviceMesh, init_device_mesh
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard
from torch.distributed.tensor import DTensor, distribute_tensor

from logos_model.config import Config, ConfigError, SystemConfig
from logos_model.decoder import Decoder
from logos_model.device import chosen_device

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Ranks:
    """The processes of a run as one of them sees them.

    Attributes
    ----------
    rank, count
        Number of this process, and of how many.
    device
        Where it computes.
    mesh
        All of them, one axis.
    """

    rank: int
    count: int
    device: torch.device
    mesh: DeviceMesh

    @property
    def is_first(self) -> bool:
        """Whether this process writes and prints for all."""
        return self.rank == 0

    def agree(self, work: Callable[[], T]) -> T:
        """Do `work` on every rank; if it fails on one, raise its error on all."""
        result: T | None = None
        error: BaseException | None = None
        try:
            result = work()
        except Exception as caught:  # raised below, on every rank
            error = caught
        errors = [one for one in self.gather(error) if one is not None]
        if error is not None or errors:
            raise error or errors[0]
        return cast(T, result)

    def first(self, work: Callable[[], T]) -> T:
        """Do `work` on the first rank; return its result, or raise its error, on all."""
        found = self.agree(lambda: work() if self.is_first else None)
        return cast(T, self.gather(found)[0])

    def gather(self, value: T) -> list[T]:
        """Return the value of each rank, in their order."""
        if self.count == 1:
            return [value]
        values: list[Any] = [None] * self.count
        dist.all_gather_object(values, value)
        return values

    def sum(self, values: Tensor) -> Tensor:
        """Add `values` up over the ranks, in place and without waiting for a GPU."""
        if self.count > 1:
            dist.all_reduce(values)
        return values


@contextmanager
def joined(device: str | None = None) -> Iterator[Ranks]:
    """Join the other processes of the run, or make a group of this one alone.

    Raises
    ------
    DeviceError
        If there is no such device here.
    """
    if dist.is_initialized():
        yield _ranks(chosen_device(device))
        return
    under_torchrun = "RANK" in os.environ and "WORLD_SIZE" in os.environ
    chosen = chosen_device(device)
    if chosen.type == "cuda" and under_torchrun:
        chosen = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    if chosen.type == "cuda":
        # torch 2.11 takes a number here, and tensors say theirs.
        chosen = torch.device("cuda", chosen.index or 0)
        torch.cuda.set_device(chosen)
    backend = "cpu:gloo,cuda:nccl" if chosen.type == "cuda" else "gloo"
    if under_torchrun:
        dist.init_process_group(backend)
    else:
        dist.init_process_group(backend, store=HashStore(), rank=0, world_size=1)
    try:
        yield _ranks(chosen)
    finally:
        dist.destroy_process_group()


def _ranks(device: torch.device) -> Ranks:
    count = dist.get_world_size()
    return Ranks(
        rank=dist.get_rank(),
        count=count,
        device=device,
        mesh=init_device_mesh(device.type, (count,), mesh_dim_names=("data",)),
    )


def sharded(config: Config, ranks: Ranks, *, dtype: torch.dtype = torch.float32) -> Decoder:
    """Return the model of `config`, sharded over the ranks, with its first values.

    It is made without memory, compiled and sharded layer by layer, and filled on each rank with its
    own part, so that no rank ever holds all of it.

    Raises
    ------
    ConfigError
        If float8 is wanted and torchao or the GPU for it is missing.
    """
    system = config.system
    with torch.device("meta"):
        model = Decoder(
            config.model,
            z_loss=config.training.z_loss,
            checkpointing=system.activation_checkpointing,
        ).to(dtype)
    if system.float8:
        _use_float8(model)
    policy = MixedPrecisionPolicy(
        param_dtype=product_dtype(system, ranks.device),
        reduce_dtype=torch.promote_types(dtype, torch.float32),
        cast_forward_inputs=False,
    )
    for layer in model.model.layers:
        if _compiles(system, ranks.device):
            layer.compile(fullgraph=True, dynamic=False)
        fully_shard(layer, mesh=ranks.mesh, mp_policy=policy)
    # What the root holds is used first and last: gathered again, it would only move twice.
    fully_shard(model, mesh=ranks.mesh, mp_policy=policy, reshard_after_forward=False)
    model.to_empty(device=ranks.device)
    fill(model, model.initial_weights(seed=config.training.seed))
    return model


@torch.no_grad()
def fill(model: nn.Module, weights: Iterator[tuple[str, Tensor]]) -> None:
    """Give each rank its part of whole weights; every rank is given all of them."""
    parameters = dict(model.named_parameters())
    for name, values in weights:
        weight = parameters[name]
        if isinstance(weight, DTensor):
            values = distribute_tensor(  # noqa: PLW2901 (the same values, this rank's part)
                values.to(weight.device, weight.dtype),
                weight.device_mesh,
                weight.placements,
                src_data_rank=None,
            )
        weight.copy_(values)


def product_dtype(system: SystemConfig, device: torch.device) -> torch.dtype | None:
    """Return the type in which matrices are multiplied; None is that of the parameters."""
    wanted = system.precision
    if wanted == "auto":
        wanted = "bfloat16" if device.type == "cuda" else "float32"
    return torch.bfloat16 if wanted == "bfloat16" else None


def local(tensor: Tensor) -> Tensor:
    """Return this rank's part of a tensor."""
    return tensor.to_local() if isinstance(tensor, DTensor) else tensor


def whole(tensor: Tensor) -> Tensor:
    """Return all of a tensor on every rank; every rank has to call it."""
    return tensor.full_tensor() if isinstance(tensor, DTensor) else tensor


def use_deterministic(system: SystemConfig) -> None:
    """Let torch choose algorithms that give the same bits each time, if that is wanted."""
    if system.deterministic:
        # cuBLAS reads this when it starts.
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(system.deterministic)


def _compiles(system: SystemConfig, device: torch.device) -> bool:
    return device.type == "cuda" if system.compile == "auto" else system.compile


def _use_float8(model: Decoder) -> None:
    """Multiply the matrices of the layers in float8, as torchao does."""
    try:
        from torchao.float8 import (  # type: ignore[import-not-found]  # noqa: PLC0415 (optional)
            convert_to_float8_training,
        )
    except ImportError:
        raise ConfigError("system.float8 needs torchao: pip install torchao") from None
    if not torch.cuda.is_available() or torch.cuda.get_device_capability() < (8, 9):
        raise ConfigError("expected a GPU of compute capability 8.9 or later for system.float8")
    convert_to_float8_training(model, module_filter_fn=lambda module, name: "layers." in name)
