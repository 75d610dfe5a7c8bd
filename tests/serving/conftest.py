"""Tensors on one thread, as they are tiny and the machine may be busy; vLLM as it may be."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
import torch

from logos_grammar.serving import vllm
from serving import interfaces
from serving.runners import Make


@pytest.fixture(scope="package", autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Make:
    """Makes the class as it is where vLLM has the one runner, the other, or both."""

    def made(first_id: int = 0, **runners: bool) -> type:
        for name in [name for name in sys.modules if name.partition(".")[0] == "vllm"]:
            monkeypatch.delitem(sys.modules, name)
        for name, module in interfaces.vllm_modules(**runners).items():
            monkeypatch.setitem(sys.modules, name, module)
        vllm._processor_class.cache_clear()
        loaded = getattr(vllm, vllm.name_of(first_id))
        assert isinstance(loaded, type)
        return loaded

    return made
