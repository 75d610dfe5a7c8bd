"""The decoder computes what Hugging Face's does, and no packed document sees another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from logos_model.config import Architecture, Config, ModelConfig, RopeScaling
from logos_model.decoder import Decoder, rotary_frequencies
from logos_model.generation.forward import Forward

from .conftest import documents_of, one_document

SCALING = RopeScaling(
    factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=32
)


def make_decoder(config: Config, **changes: Any) -> Decoder:
    model = Decoder(replace(config.model, **changes))
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


def make_ids(config: Config, count: int = 48) -> torch.Tensor:
    generator = torch.Generator().manual_seed(3)
    return torch.randint(config.model.vocab_size, (count,), generator=generator)


def hugging_face(model: Decoder) -> Any:
    transformers = pytest.importorskip("transformers", reason="compares with transformers")
    shape = transformers.AutoConfig.for_model(**model.config.to_hugging_face())
    theirs = transformers.AutoModelForCausalLM.from_config(shape).eval()
    names = {name: tuple(weight.shape) for name, weight in theirs.state_dict().items()}
    assert {name: tuple(weight.shape) for name, weight in model.state_dict().items()} == names
    theirs.load_state_dict(model.state_dict())
    return theirs


def cached_logits(model: Decoder, ids_N: torch.Tensor, *, prefix: int) -> torch.Tensor:
    """Return the logits behind the prefix, token by token, from a slot beside an unused one."""
    rows = model.config.vocab_size
    forward = Forward(model, slots=2, limit=len(ids_N), first=0, rows=rows)
    forward.read_prefix(ids_N[:prefix].tolist())
    forward.admit(np.array([1]))
    found = []
    for at in range(prefix, len(ids_N)):
        forward.feed(
            torch.stack([ids_N[0], ids_N[at]]),
            first_id=0,
            is_fresh_B=np.zeros(2, dtype=np.bool_),
            prompt_end=0,
            position_B=np.array([0, at]),
        )
        forward.step(np.array([0, at]))
        found.append(forward.logits_BV[1].clone())
    return torch.stack(found)


@pytest.mark.parametrize("architecture", ["llama", "qwen3"])
@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("heads", [1, 2, 4])
@pytest.mark.parametrize(("width", "scaling"), [(8, None), (12, SCALING), (32, SCALING)])
def test_logits_are_those_of_hugging_face(  # noqa: PLR0913, PLR0917 (each a part of the shape)
    config: Config,
    architecture: Architecture,
    tied: bool,
    heads: int,
    width: int,
    scaling: RopeScaling | None,
) -> None:
    model = make_decoder(
        config,
        architecture=architecture,
        tie_word_embeddings=tied,
        num_key_value_heads=heads,
        head_dim=width,
        rope_theta=500.0,
        rope_scaling=scaling,
    )
    theirs = hugging_face(model)
    ids_N, lengths = make_ids(config), [20, 1, 27]
    with torch.inference_mode():
        alone_NV = model(**one_document(ids_N))
        theirs_NV = theirs(input_ids=ids_N[None]).logits[0]
        packed_NV = model(**documents_of(ids_N, lengths))
        apart = [theirs(input_ids=part[None]).logits[0] for part in torch.split(ids_N, lengths)]
        cached_NV = cached_logits(model, ids_N, prefix=5)
    assert alone_NV.std() > 0.1
    torch.testing.assert_close(alone_NV, theirs_NV, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(packed_NV, torch.cat(apart), rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(cached_NV, theirs_NV[5:], rtol=1e-5, atol=1e-5)


def test_frequencies_are_those_of_hugging_face() -> None:
    transformers = pytest.importorskip("transformers", reason="compares with transformers")
    from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS  # noqa: PLC0415

    from logos_model.presets import read_config  # noqa: PLC0415

    shape = read_config("llama-3.2-1b").model
    theirs, _ = ROPE_INIT_FUNCTIONS["llama3"](
        transformers.LlamaConfig(**shape.to_hugging_face()), torch.device("cpu")
    )
    torch.testing.assert_close(rotary_frequencies(shape), theirs, rtol=1e-6, atol=0)
    assert rotary_frequencies(shape)[-1] < rotary_frequencies(replace(shape, rope_scaling=None))[-1]


def test_packed_documents_do_not_see_each_other(config: Config) -> None:
    model, ids_N = make_decoder(config), make_ids(config, 20)
    other_N = ids_N.clone()
    other_N[:7] = (other_N[:7] + 1) % config.model.vocab_size
    with torch.inference_mode():
        one_NV, other_NV = (model(**documents_of(ids, [7, 9, 4])) for ids in (ids_N, other_N))
    assert torch.equal(one_NV[7:], other_NV[7:])
    assert not torch.equal(one_NV[:7], other_NV[:7])


def test_no_place_sees_a_later_one(config: Config) -> None:
    model, ids_N = make_decoder(config), make_ids(config)
    other_N = ids_N.clone()
    other_N[11:] = (other_N[11:] + 1) % config.model.vocab_size
    with torch.inference_mode():
        one_NV, other_NV = (model(**one_document(ids)) for ids in (ids_N, other_N))
    torch.testing.assert_close(one_NV[:11], other_NV[:11])


def test_positions_go_on_where_a_document_was_split(config: Config) -> None:
    model, ids_N = make_decoder(config), make_ids(config, 12)
    whole = one_document(ids_N)
    later = {**whole, "position_N": whole["position_N"] + 1000}
    with torch.inference_mode():
        # Attention sees differences of positions only.
        torch.testing.assert_close(model(**whole), model(**later), rtol=1e-3, atol=1e-3)
        stretched = {**whole, "position_N": whole["position_N"] * 2}
        assert not torch.allclose(model(**whole), model(**stretched), rtol=1e-2, atol=1e-2)


@pytest.mark.parametrize("checkpointing", ["selective", "full"])
@pytest.mark.parametrize("compiled", [False, True])
def test_recomputed_activations_change_no_gradient(
    config: Config, checkpointing: Any, compiled: bool
) -> None:
    targets_N = make_ids(config).roll(1)
    found = []
    for how in ("none", checkpointing):
        model = Decoder(config.model, checkpointing=how)
        model.initialize(seed=1)
        if compiled:
            for layer in model.model.layers:
                layer.compile(fullgraph=True, dynamic=False, backend="aot_eager")
        loss = model(**documents_of(make_ids(config), [20, 1, 27]), targets_N=targets_N)
        loss.backward()
        found.append([loss, *(weight.grad for weight in model.parameters())])
    for plain, again in zip(*found, strict=True):
        torch.testing.assert_close(plain, again)


def test_a_config_of_hugging_face_is_read(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers", reason="reads its files")
    old = transformers.LlamaConfig(
        hidden_size=64, num_attention_heads=4, num_key_value_heads=2, num_hidden_layers=1
    )
    shape = ModelConfig.from_hugging_face(old.to_dict())
    assert (shape.head_dim, shape.rope_scaling, shape.first_id) == (16, None, 0)
