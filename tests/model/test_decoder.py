"""The decoder says what Hugging Face's says, and lets no packed document see another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from logos_model.config import Config
from logos_model.decoder import Decoder, KeyValueCache
from logos_model.optim import adamw, learning_rate


def make_decoder(config: Config, **changes: object) -> Decoder:
    model = Decoder(replace(config.model, **changes))  # type: ignore[arg-type]  # any field
    model.initialize(seed=1)
    # Norms away from one, so that a norm in the wrong place cannot hide.
    generator = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.ndim == 1:
                weight.add_(torch.randn(weight.shape, generator=generator) * 0.3)
            else:
                weight.mul_(5)
    return model.eval()


def make_ids(config: Config, rows: int = 3, length: int = 20) -> torch.Tensor:
    generator = torch.Generator().manual_seed(3)
    return torch.randint(config.model.vocab_size, (rows, length), generator=generator)


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("heads", [1, 2, 4])
def test_logits_are_those_of_hugging_face(
    config: Config, tmp_path: Path, tied: bool, heads: int
) -> None:
    transformers = pytest.importorskip("transformers", reason="compares with transformers")
    model = make_decoder(
        config, tie_word_embeddings=tied, num_key_value_heads=heads, rope_theta=500.0
    )
    shape = transformers.LlamaConfig(**model.config.to_hugging_face())
    theirs = transformers.LlamaForCausalLM(shape).eval()
    names = {name: tuple(weight.shape) for name, weight in theirs.state_dict().items()}
    assert {name: tuple(weight.shape) for name, weight in model.state_dict().items()} == names
    theirs.load_state_dict(model.state_dict())
    ids_BT = make_ids(config, length=48)
    with torch.inference_mode():
        ours_BTV, theirs_BTV = model(ids_BT), theirs(input_ids=ids_BT).logits
    assert ours_BTV.std() > 0.1
    torch.testing.assert_close(ours_BTV, theirs_BTV, rtol=1e-5, atol=1e-5)


def test_a_cache_changes_nothing(config: Config) -> None:
    model, ids_BT = make_decoder(config), make_ids(config)
    cache = KeyValueCache(
        model.config, rows=3, limit=20, device=torch.device("cpu"), dtype=torch.float32
    )
    with torch.inference_mode():
        whole_BTV = model(ids_BT)
        parts = [model(ids_BT[:, :5], cache=cache), model(ids_BT[:, 5:9], cache=cache)]
        parts += [model(ids_BT[:, at : at + 1], cache=cache) for at in range(9, 15)]
        torch.testing.assert_close(torch.cat(parts, dim=1), whole_BTV[:, :15])
        kept = torch.tensor([2, 0])
        cache.keep(kept)
        torch.testing.assert_close(model(ids_BT[kept, 15:], cache=cache), whole_BTV[kept, 15:])


def test_packed_documents_do_not_see_each_other(config: Config) -> None:
    model, ids_BT = make_decoder(config), make_ids(config, rows=1)
    documents_BT = torch.tensor([[0] * 7 + [1] * 9 + [2] * 4])
    positions_BT = torch.tensor([[*range(7), *range(9), *range(4)]])

    def packed(ids_BT: torch.Tensor) -> torch.Tensor:
        logits_BTV: torch.Tensor = model(
            ids_BT, documents_BT=documents_BT, positions_BT=positions_BT
        )
        return logits_BTV

    with torch.inference_mode():
        together_BTV = packed(ids_BT)
        alone = [model(ids_BT[:, begin:end]) for begin, end in ((0, 7), (7, 16), (16, 20))]
        torch.testing.assert_close(together_BTV, torch.cat(alone, dim=1))
        other_BT = ids_BT.clone()
        other_BT[:, :7] = (other_BT[:, :7] + 1) % config.model.vocab_size
        other_BTV = packed(other_BT)
    assert torch.equal(other_BTV[:, 7:], together_BTV[:, 7:])
    assert not torch.equal(other_BTV[:, :7], together_BTV[:, :7])


def test_no_place_sees_a_later_one(config: Config) -> None:
    model, ids_BT = make_decoder(config), make_ids(config)
    other_BT = ids_BT.clone()
    other_BT[:, 11:] = (other_BT[:, 11:] + 1) % config.model.vocab_size
    with torch.inference_mode():
        assert torch.equal(model(ids_BT)[:, :11], model(other_BT)[:, :11])


def test_norms_and_embeddings_are_not_decayed(config: Config) -> None:
    for tied in (True, False):
        model = make_decoder(config, tie_word_embeddings=tied)
        groups = adamw(model, config.optimizer).param_groups
        names = {weight: name for name, weight in model.named_parameters()}
        decayed = {names[weight] for weight in groups[0]["params"]}
        kept = {names[weight] for weight in groups[1]["params"]}
        assert groups[0]["weight_decay"] > 0 == groups[1]["weight_decay"]
        assert decayed | kept == set(names.values())
        assert all(name.endswith(("proj.weight", "lm_head.weight")) for name in decayed)
        assert ("lm_head.weight" in decayed) != tied


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
