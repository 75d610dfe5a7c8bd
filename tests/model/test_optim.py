"""Parameters are grouped by what they are, and rates follow the schedule and the width."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from logos_model.config import Config
from logos_model.decoder import Decoder
from logos_model.optim import Optimizer, learning_rate

from .conftest import one_document


def make_optimizer(config: Config, *, tied: bool = True) -> Optimizer:
    model = Decoder(replace(config.model, tie_word_embeddings=tied))
    model.initialize(seed=1)
    return Optimizer(model, config.optimizer)


@pytest.mark.parametrize("method", ["adamw", "muon"])
@pytest.mark.parametrize("tied", [True, False])
def test_norms_and_embeddings_are_not_decayed(config: Config, tied: bool, method: str) -> None:
    config = replace(config, optimizer=replace(config.optimizer, method=method))  # type: ignore[arg-type]
    optimizer = make_optimizer(config, tied=tied)
    decayed: list[str] = []
    kept: list[str] = []
    for group in optimizer.groups:
        (decayed if group["weight_decay"] else kept).extend(optimizer.names_of(group))
    assert len(decayed) == 2 * 7 + (not tied)
    assert len(kept) == 2 * 2 + 2
    assert all(name.endswith(("proj.weight", "lm_head.weight")) for name in decayed)
    assert ("lm_head.weight" in decayed) != tied


def test_rates_of_matrices_fall_with_the_width_they_read(config: Config) -> None:
    config = replace(config, optimizer=replace(config.optimizer, base_width=16))
    optimizer = make_optimizer(config, tied=False)
    optimizer.set_rate(1.0)
    rates = {name: g["lr"] for g in optimizer.groups for name in optimizer.names_of(g)}
    assert rates["model.embed_tokens.weight"] == rates["model.norm.weight"] == 1.0
    assert rates["lm_head.weight"] == rates["model.layers.0.mlp.up_proj.weight"] == 0.5
    assert rates["model.layers.1.mlp.down_proj.weight"] == 0.25


@pytest.mark.parametrize("method", ["adamw", "muon"])
def test_both_methods_learn(config: Config, method: str) -> None:
    config = replace(config, optimizer=replace(config.optimizer, method=method))  # type: ignore[arg-type]
    model = Decoder(config.model)
    model.initialize(seed=1)
    optimizer = Optimizer(model, config.optimizer)
    ids_N = torch.arange(3, 27)
    found = []
    for _ in range(12):
        loss = model(**one_document(ids_N), targets_N=ids_N.roll(-1)) / len(ids_N)
        loss.backward()
        optimizer.step(torch.tensor(True))
        optimizer.zero_grad()
        found.append(loss.item())
    assert found[-1] < 0.6 * found[0]


def test_the_learning_rate_climbs_stays_and_falls(config: Config) -> None:
    rates = [learning_rate(step, config) for step in range(21)]
    assert rates[:4] == [0.0025, 0.005, 0.0075, 0.01]
    assert rates[3:17] == [0.01] * 14
    assert rates[16:] == pytest.approx([0.01, 0.00775, 0.0055, 0.00325, 0.001])
    falling = replace(config, optimizer=replace(config.optimizer, schedule="cosine"))
    rates = [learning_rate(step, falling) for step in range(21)]
    assert rates[:4] == sorted(rates[:4])
    assert rates[4:] == sorted(rates[4:], reverse=True)
    assert rates[12] == pytest.approx(0.0055)
    assert rates[20] == pytest.approx(0.001)
