"""Torch's `varlen_attn`: when a run takes it, and that what it is told is what the kernel needs.

It runs on a GPU only. Here the two operators that it calls there, `aten._flash_attention_forward`
and its backward, are given to the processor in plain torch, so that all of torch's own code above
them runs, in any version.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from logos_model.attention import takes_varlen
from logos_model.batches import Pass
from logos_model.config import IGNORED, Config, ConfigError, SystemConfig
from logos_model.data.steps import Data
from logos_model.data_config import DataConfig, SourceConfig
from logos_model.decoder import Decoder
from logos_model.dry_run import describe
from logos_model.grammar import Grammar
from logos_model.kernels.document_attention import reference
from logos_model.kernels.varlen_attention import Documents, listed, varlen_attention
from logos_model.loop import train
from logos_model.parallel import Ranks, sharded
from logos_model.validation import validate

from .conftest import CLOSE, OPEN, WriteShard, documents_of
from .test_document_attention import bounds, make_inputs, output_and_gradients

GPU = torch.device("cuda")
CPU = torch.device("cpu")
TOKENS = 70


@pytest.fixture
def flash() -> Iterator[list[int]]:
    """Let the processor run what `varlen_attn` calls; collect how many documents each call had."""
    calls: list[int] = []

    def weights(q_THE: Tensor, k_TKE: Tensor, scale: float | None) -> tuple[Tensor, Tensor, float]:
        factor = q_THE.shape[-1] ** -0.5 if scale is None else scale
        keys_HTE = k_TKE.repeat_interleave(q_THE.shape[1] // k_TKE.shape[1], 1).transpose(0, 1)
        scores_HTT = q_THE.transpose(0, 1) @ keys_HTE.mT * factor
        later = torch.ones(scores_HTT.shape[1:], dtype=torch.bool).triu(1)
        return scores_HTT.masked_fill(later, -torch.inf).softmax(-1), keys_HTE, factor

    def lengths_of(ends_D: Tensor, longest: int, tokens: int) -> list[int]:
        lengths: list[int] = ends_D.diff().tolist()
        assert ends_D.dtype == torch.int32
        assert ends_D[[0, -1]].tolist() == [0, tokens]
        assert 0 < min(lengths) <= max(lengths) <= longest
        return lengths

    def documents_in(lengths: list[int], *given: Tensor) -> list[tuple[Tensor, ...]]:
        return [torch.split(x.double(), lengths) for x in given]

    def forward(q: Tensor, k: Tensor, v: Tensor, *rest: Any, **named: Any) -> tuple[Tensor, ...]:
        ends_D, _, longest, _, _, is_causal = rest[:6]
        assert is_causal
        lengths = lengths_of(ends_D, longest, len(q))
        calls.append(len(lengths))
        outputs = []
        for q_THE, k_TKE, v_TKE in zip(*documents_in(lengths, q, k, v), strict=True):
            p_HTT, _, _ = weights(q_THE, k_TKE, named.get("scale"))
            values_HTE = v_TKE.repeat_interleave(q.shape[1] // k.shape[1], 1).transpose(0, 1)
            outputs.append((p_HTT @ values_HTE).transpose(0, 1))
        sums_HN = q.new_zeros(q.shape[1], len(q), dtype=torch.float32)
        nothing = q.new_zeros(2, dtype=torch.uint64)
        return torch.cat(outputs).to(q.dtype), sums_HN, nothing, nothing, nothing

    def backward(do: Tensor, q: Tensor, k: Tensor, v: Tensor, *rest: Any, **named: Any) -> Any:
        _, _, ends_D, _, longest = rest[:5]
        lengths, R = lengths_of(ends_D, longest, len(q)), q.shape[1] // k.shape[1]
        found: list[list[Tensor]] = [[], [], []]
        for do_, q_, k_, v_ in zip(*documents_in(lengths, do, q, k, v), strict=True):
            p_HTT, keys_HTE, scale = weights(q_, k_, named.get("scale"))
            do_HTE = do_.transpose(0, 1)
            dp_HTT = do_HTE @ v_.repeat_interleave(R, 1).transpose(0, 1).mT
            ds_HTT = p_HTT * (dp_HTT - (dp_HTT * p_HTT).sum(-1, keepdim=True)) * scale
            dk_HTE, dv_HTE = ds_HTT.mT @ q_.transpose(0, 1), p_HTT.mT @ do_HTE
            found[0].append((ds_HTT @ keys_HTE).transpose(0, 1))
            for all_, one in zip(found[1:], (dk_HTE, dv_HTE), strict=True):
                all_.append(one.transpose(0, 1).unflatten(1, (-1, R)).sum(2))
        return tuple(torch.cat(each).to(q.dtype) for each in found)

    with torch.library._scoped_library("aten", "IMPL") as library:
        library.impl("_flash_attention_forward", forward, "CPU")
        library.impl("_flash_attention_backward", backward, "CPU")
        yield calls


def of_lengths(lengths: Sequence[int]) -> Documents:
    """Return the documents of these lengths, side by side."""
    begin_N, _ = bounds(lengths)
    return listed(begin_N == torch.arange(len(begin_N)))


def test_documents_end_where_they_do() -> None:
    ends_D, longest = of_lengths([3, 9, 1])
    assert ends_D.tolist() == [0, 3, 12, 13]
    assert longest == 16
    assert of_lengths([8]).longest == 8
    assert of_lengths([1, 1]).longest == 1


@pytest.mark.parametrize(
    "lengths", [[1, 5, 17, 64, 2], [TOKENS], [1] * 9], ids=["ragged", "one", "one token each"]
)
@pytest.mark.parametrize(("H", "K", "E"), [(4, 4, 8), (6, 2, 16)])
def test_it_is_the_reference(flash: list[int], lengths: list[int], H: int, K: int, E: int) -> None:
    inputs = make_inputs(lengths, H=H, K=K, E=E)

    def attention(*given: Tensor, begin_N: Tensor, end_N: Tensor, **named: Any) -> Tensor:
        return varlen_attention(*given, documents=of_lengths(lengths), **named)

    expected = output_and_gradients(reference, inputs, lengths, torch.float64)
    found = output_and_gradients(attention, inputs, lengths, torch.float64)
    for name, value in found.items():
        torch.testing.assert_close(value, expected[name], rtol=1e-9, atol=1e-9, msg=name)
    assert flash == [len(lengths)]


@pytest.mark.parametrize("checkpointing", ["none", "selective", "full"])
def test_a_decoder_gives_the_same_loss_and_gradients(
    flash: list[int], config: Config, checkpointing: Any
) -> None:
    model = Decoder(config.model, checkpointing=checkpointing)
    model.initialize(seed=3)
    lengths = [12, 30, 1, 27]
    ids_N = torch.randint(3, 60, (TOKENS,), generator=torch.Generator().manual_seed(1))
    inputs = documents_of(ids_N, lengths)
    found = []
    for given in (None, of_lengths(lengths)):
        loss = model(**inputs, documents=given, targets_N=ids_N.roll(-1))
        found.append([loss, *torch.autograd.grad(loss, list(model.parameters()))])
    for one, other in zip(*found, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)
    # Attention is computed again only where all of a layer is.
    assert len(flash) == config.model.num_hidden_layers * (2 if checkpointing == "full" else 1)


@pytest.mark.filterwarnings("ignore:.*isinstance.treespec, LeafSpec.*")
def test_a_compiled_layer_takes_any_count_of_documents(flash: list[int], config: Config) -> None:
    model = Decoder(config.model)
    model.initialize(seed=3)
    for layer in model.model.layers:
        layer.compile(fullgraph=True, dynamic=False, backend="aot_eager")
    ids_N = torch.randint(3, 60, (TOKENS,), generator=torch.Generator().manual_seed(1))
    streams = [[TOKENS - 6, 6], [1, 2, 3, TOKENS - 6], [TOKENS - 6, 1, 2, 3]]
    for at, lengths in enumerate(streams):
        with torch._dynamo.config.patch(error_on_recompile=at > 0):
            inputs = documents_of(ids_N, lengths)
            loss = model(**inputs, documents=of_lengths(lengths), targets_N=ids_N)
            loss.backward()
        torch.testing.assert_close(loss, model(**inputs, targets_N=ids_N), rtol=1e-4, atol=1e-5)


def test_a_pass_lists_its_documents_and_runs_of_padding_as_one(
    write_shard: WriteShard, grammar: Grammar, config: Config
) -> None:
    words = [[OPEN, *[5] * length, CLOSE, 2] for length in (20, 9, 3)]
    data = _data(write_shard("words/all", words), grammar, context=48)
    one = next(data.steps(rows=1)).passes[0]
    assert one.documents is None
    assert set(one.inputs) == {*vars(one)}
    found = one.with_documents().documents
    assert found is not None
    ends = found.ends_D.tolist()
    begins = sorted(set(one.begin_N[one.targets_N != IGNORED].tolist()))
    padding = int((one.targets_N == IGNORED).sum())
    assert padding > 1
    assert ends == [*begins, 48 - padding, 48]


def test_a_document_of_padding_alone_has_an_end() -> None:
    place_N = torch.arange(2400, dtype=torch.int32)
    nothing = torch.full((2400,), IGNORED)
    one = Pass(
        ids_N=nothing, targets_N=nothing, begin_N=place_N, end_N=place_N + 1, position_N=place_N
    )
    found = one.with_documents().documents
    assert found is not None
    assert found.ends_D.tolist() == [0, 1024, 2048, 2400]
    assert found.longest == 1024


def test_the_context_of_a_token_is_that_of_the_data(
    write_shard: WriteShard, grammar: Grammar
) -> None:
    lengths = [20, 9, 47, 130]
    shard = write_shard("words/all", [[OPEN, *[5] * (n - 3), CLOSE, 2] for n in lengths])
    data = _data(shard, grammar, context=48)
    passes = next(data.steps(rows=5)).passes
    targets = sum(one.targets for one in passes)
    assert targets == sum(lengths)
    assert data.context_of_a_token() == sum(one.context for one in passes) / targets


@pytest.mark.parametrize(
    ("system", "context", "device", "said"),
    [
        ({}, 999.0, GPU, "by document, as a token attends to 999 tokens on average"),
        ({}, 1000.0, GPU, "varlen_attn, as a token attends to 1,000 tokens on average"),
        ({}, 2340.0, CPU, "by document, though a token attends to 2,340 tokens on average: "),
        ({}, 2340.0, CPU, "average: varlen_attn needs a GPU"),
        ({"precision": "float32"}, 2e3, GPU, 'varlen_attn needs system.precision "bfloat16"'),
        ({"deterministic": True}, 2e3, GPU, "varlen_attn needs system.deterministic = false"),
        ({"attention": "varlen"}, 50.0, GPU, "varlen_attn, as system.attention says"),
        ({"attention": "documents"}, 2e3, GPU, "by document, as system.attention says"),
    ],
)
def test_auto_decides_from_the_data_and_says_so(
    config: Config, system: dict[str, Any], context: float, device: torch.device, said: str
) -> None:
    wanted = replace(config, system=SystemConfig(**system))
    takes, sentence = takes_varlen(wanted, context=context, device=device)
    assert sentence.startswith("attention: ")
    assert said in sentence
    assert takes == sentence.startswith("attention: varlen_attn")


@pytest.mark.parametrize(
    ("system", "width", "device", "lacking"),
    [
        ({}, 64, CPU, "a GPU"),
        ({"precision": "float32"}, 64, GPU, 'system.precision "bfloat16"'),
        ({"deterministic": True}, 64, GPU, "system.deterministic = false"),
        ({}, 12, GPU, "model.head_dim of a multiple of 8 up to 256"),
        ({}, 264, GPU, "model.head_dim of a multiple of 8 up to 256"),
    ],
)
def test_varlen_where_it_cannot_run_is_refused(
    config: Config, system: dict[str, Any], width: int, device: torch.device, lacking: str
) -> None:
    wanted = replace(
        config,
        model=replace(config.model, head_dim=width),
        system=SystemConfig(attention="varlen", **system),
    )
    with pytest.raises(ConfigError) as caught:
        takes_varlen(wanted, context=5000.0, device=device)
    assert str(caught.value) == (
        f'expected {lacking} for system.attention "varlen": choose "auto" or "documents"'
    )


@pytest.fixture
def one_step(write_shard: WriteShard, config: Config, documents: list[list[int]]) -> Config:
    """Return a configuration of one step on words."""
    source = SourceConfig(name="words", paths=(str(write_shard("words/all", documents)),))
    return replace(
        config,
        data=replace(config.data, sources=(source,)),
        training=replace(config.training, steps=1),
    )


def test_a_run_says_which_it_takes_or_refuses(
    one_step: Config,
    grammar: Grammar,
    ranks: Ranks,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    train(one_step, out=tmp_path / "run", grammar=grammar, ranks=ranks)
    said = "attention: by document, as a token attends to"
    assert said in capsys.readouterr().out
    lines = describe(one_step, grammar=grammar, ranks=1)
    assert any(line.startswith(said) for line in lines)
    refused = replace(one_step, system=SystemConfig(attention="varlen"))
    with pytest.raises(ConfigError, match="expected a GPU for system"):
        train(refused, out=tmp_path / "other", grammar=grammar, ranks=ranks)


def test_a_run_trains_and_validates_with_it(
    flash: list[int],
    one_step: Config,
    grammar: Grammar,
    ranks: Ranks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("logos_model.loop.takes_varlen", lambda *_, **__: (True, "varlen"))
    (shard,) = one_step.data.sources[0].paths
    train(one_step, out=Path(shard).parent / "run", grammar=grammar, ranks=ranks)
    passes = list(_data(Path(shard), grammar, context=48, held_out=0.1).held_out(rows=4))
    assert passes
    assert len(flash) == one_step.model.num_hidden_layers * (1 + len(passes))
    model = sharded(one_step, ranks)
    plain, varlen = (
        validate(model, given, grammar=grammar, shape=one_step.model, ranks=ranks)["all"].record()
        for given in (passes, [one.with_documents() for one in passes])
    )
    assert plain == pytest.approx(varlen, rel=1e-5)


def _data(shard: Path, grammar: Grammar, *, context: int, held_out: float = 0.0) -> Data:
    source = SourceConfig(name="words", paths=(str(shard),))
    config = DataConfig(sources=(source,), held_out=held_out, window=64)
    return Data(config, grammar=grammar, context=context, seed=0, verify=False)
