"""A grammar's block behind a language model's vocabulary: the same sentences, each id shifted."""

from __future__ import annotations

import json
import pickle
import random
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

import logos_grammar as lg
from logos_grammar.serving import read_terms, request, sglang, vllm
from logos_grammar.serving.generation import generate
from logos_grammar.serving.sentence import FIRST_ID, Sentence, unpacked, words_of
from logos_grammar.serving.transformers import GrammarLogitsProcessor
from logos_grammar.serving.vllm_http import refusal
from serving import interfaces
from serving.interfaces import BatchUpdate, SamplingParams
from serving.runners import CPU, Make, config, drawn

BOS, EOS, SIZE = 1, 2, lg.vocabulary.size
FIRST_IDS = [32, 1_000, 1_001, 128_256, 151_669]
each_first_id = pytest.mark.parametrize("first_id", FIRST_IDS)


@each_first_id
@pytest.mark.parametrize("spare", [0, 1, 31, 100])
def test_a_mask_is_the_grammars_shifted(first_id: int, spare: int) -> None:
    rng = random.Random(first_id)
    width = first_id + SIZE + spare
    stop, pad = first_id + EOS, 7
    sentence = Sentence(lg.Recognizer("molecule"), stop_ids=[stop], pad_id=pad, first_id=first_id)
    alone = lg.Recognizer("molecule", budget=None)
    for _ in range(40):
        words = np.full((2, words_of(width)), -1, dtype=np.int32)
        sentence.fill(words, 1)
        assert (words[0] == -1).all()
        allowed = np.flatnonzero(unpacked(words, width)[1]).tolist()
        expected = (alone.allowed() + np.int64(first_id)).tolist() or [stop]
        assert allowed == expected
        token = rng.choice(expected)
        assert not sentence.accept(first_id - 1)
        assert sentence.accept(token)
        if token == stop:
            break
        alone.accept(token - first_id)


@each_first_id
def test_a_follower_of_each_engine_writes_into_the_block(make: Make, first_id: int) -> None:
    torch.manual_seed(0)
    made: Any = make(first_id, second=False)
    processor = made(config(first_id=first_id, width=first_id + SIZE + 64), CPU, False)
    acid = lg.encode(lg.molecule.Molecule.from_smiles("OC(=O)C")).tolist()[:-2]
    shifted = [first_id + id for id in acid]
    terms = request(
        "molecule",
        prompt_ids=[5, first_id + BOS, *shifted],
        max_new_tokens=12,
        first_id=first_id,
    )
    assert read_terms(terms).prefix == tuple(acid)
    asked = [
        ([5, 6, first_id + BOS], "molecule", []),
        ([5, 6], "molecule", []),  # text alone: the sentence begins behind it
        ([5, 6, *shifted], "molecule", acid),
        ([5, first_id + BOS, *shifted], terms, acid),
    ]
    outputs: list[list[int]] = [[] for _ in asked]
    added: Any = []
    for row, (prompt, wanted, _) in enumerate(asked):
        params = SamplingParams(extra_args={vllm.ARGUMENT: wanted}, max_tokens=12)
        made.validate_params(params)
        added.append((row, params, prompt, outputs[row]))
    processor.update_state(BatchUpdate(len(asked), [], added, []))
    for _ in range(12):
        masked = processor.apply(torch.randn(len(asked), first_id + SIZE + 64))
        for output, token in zip(outputs, drawn(masked), strict=True):
            output.append(token)
    stop = first_id + EOS
    for (_, _, begun), output in zip(asked, outputs, strict=True):
        ids = output[: output.index(stop)] if stop in output else output
        lg.decode([*begun, *(id - first_id for id in ids)])


@each_first_id
@pytest.mark.parametrize("second", [False, True])
def test_a_request_is_validated_with_the_first_id_of_the_model(
    make: Make, first_id: int, second: bool
) -> None:
    """A word of the language model is a stop id and a begin id; a token of the grammar neither."""
    made: Any = make(first_id, first=not second, second=second)

    def validate(terms: Any = "molecule", **given: Any) -> None:
        made.validate_params(SamplingParams(extra_args={vllm.ARGUMENT: terms}, **given))

    word, token = first_id - 1, first_id + 193
    prefix = {"kind": "molecule", "prefix": [192, 384]}
    for stop_ids in ([word], [first_id + EOS, word], [first_id + SIZE]):
        for terms in ("molecule", prefix):
            validate(terms, stop_token_ids=stop_ids)
    for terms in ("molecule", prefix):
        with pytest.raises(ValueError, match=f"got {token}, which is <MoleculeE>"):
            validate(terms, stop_token_ids=[word, token])
    for begin_id in (BOS, first_id + BOS, word):
        validate({"kind": "molecule", "begin_id": begin_id})
    with pytest.raises(ValueError, match=r"begin_id: expected <bos> .* got <MoleculeE>"):
        validate({"kind": "molecule", "begin_id": token})
    with pytest.raises(ValueError, match="unexpected <ProteinS> at token 0"):
        validate({"kind": "molecule", "prefix": [32]})


@pytest.mark.parametrize("second", [False, True])
def test_vllm_does_not_start_with_the_class_of_another_first_id(make: Make, second: bool) -> None:
    for first_id, other in ((0, 1_000), (1_000, 0), (1_000, 10_001)):
        made: Any = make(first_id, first=not second, second=second)
        named = f"serving.vllm:{vllm.name_of(other)}, got {vllm.name_of(first_id)}"
        with pytest.raises(ValueError, match=named):
            made(config(first_id=other, width=100_000), CPU)
        assert pickle.loads(pickle.dumps(made)) is made


@pytest.mark.parametrize("first_id", [0, *FIRST_IDS])
def test_vllm_does_not_start_with_a_model_narrower_than_the_vocabulary(
    make: Make, first_id: int
) -> None:
    made: Any = make(first_id)
    least = first_id + SIZE
    with pytest.raises(ValueError, match=f"expected a model with {least} ids at least, got"):
        made(config(first_id=first_id, width=least - 1), CPU)
    made(config(first_id=first_id, width=least), CPU)


@pytest.mark.parametrize("name", ["From0", "From01", "From-1", "Fromx", "From", "Of5", "From9" * 9])
def test_a_class_has_one_name(make: Make, name: str) -> None:
    make()
    with pytest.raises(AttributeError):
        getattr(vllm, f"GrammarLogitsProcessor{name}")


def test_sglang_reads_it_from_the_folder_of_the_model(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    modules = interfaces.sglang_modules()
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    sglang._grammar_class.cache_clear()
    sglang.register()
    (tmp_path / "config.json").write_text(json.dumps({FIRST_ID: 1_000}))
    make = modules[sglang.BACKENDS].GRAMMAR_BACKEND_REGISTRY["logos"]
    arguments = SimpleNamespace(model_path=str(tmp_path))
    with pytest.raises(ValueError, match="expected a model with 9192 ids at least, got 8192"):
        make(arguments, None, SIZE, None)
    backend = make(arguments, None, 1_000 + SIZE + 64, None)
    refused = backend.dispatch_ebnf('{"kind": "molecule", "begin_id": 1193}')
    assert "got <MoleculeE>" in refused.error_message
    assert not hasattr(backend.dispatch_ebnf('{"begin_id": 193}'), "error_message")
    grammar = backend.dispatch_ebnf('{"kind": "molecule", "prefix": [192]}')
    mask = grammar.allocate_vocab_mask(1_000 + SIZE + 64, 1, "cpu")
    grammar.fill_vocab_mask(mask, 0)
    allowed = np.flatnonzero(unpacked(mask.numpy(), 1_000 + SIZE)[0]).tolist()
    assert allowed == (lg.next_ids([192]) + 1_000).tolist()
    for token in (1_384, 1_193, 1_002):
        grammar.accept_token(token)
    assert grammar.is_terminated()
    sglang._grammar_class.cache_clear()


def test_transformers_generates_sentences_of_an_extended_model() -> None:
    torch.manual_seed(0)
    shape: Any = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1}
    config = LlamaConfig(vocab_size=1_000 + SIZE, num_attention_heads=2, **shape)
    setattr(config, FIRST_ID, 1_000)
    model = LlamaForCausalLM(config)
    texts = [[5, 6, 1_000 + BOS], [7, 8, 9, 1_000 + BOS, 1_192]]
    for prompts in (None, texts):
        drawn_rows = generate(
            model, prompts, kind="molecule", max_new_tokens=16, do_sample=True, with_log=True
        )
        for sentence in drawn_rows.sentences:
            assert isinstance(lg.decode(sentence), lg.molecule.Molecule)
    narrow = LlamaForCausalLM(LlamaConfig(vocab_size=SIZE, num_attention_heads=2, **shape))
    setattr(narrow.config, FIRST_ID, 1_000)
    with pytest.raises(ValueError, match="expected logits of 9192 ids at least, got 8192"):
        generate(narrow, [[1_001 % SIZE]], kind="molecule", max_new_tokens=4)


def test_a_stop_id_may_be_a_word_of_the_language_model() -> None:
    with pytest.raises(ValueError, match="got 193, which is <MoleculeE>"):
        GrammarLogitsProcessor("molecule", stop_ids=[193])
    GrammarLogitsProcessor("molecule", stop_ids=[193], first_id=1_000)
    with pytest.raises(ValueError, match="got 1193, which is <MoleculeE>"):
        GrammarLogitsProcessor("molecule", stop_ids=[1_193], first_id=1_000)


def test_the_middleware_counts_from_it() -> None:
    def body(prompt: list[int]) -> bytes:
        terms = {vllm.ARGUMENT: "molecule"}
        return json.dumps({"prompt": prompt, "max_tokens": 9, "vllm_xargs": terms}).encode()

    assert refusal(body([5, 6]), first_id=1_000) is None
    assert refusal(body([5, 1_192]), first_id=1_000) is None
    found = refusal(body([5, 1_032]), first_id=1_000)
    assert found is not None
    assert "unexpected <ProteinS> at token 0" in found
    for begin_id, said in ((193, None), (1_193, "begin_id: expected <bos> or an id outside")):
        terms = {"kind": "molecule", "begin_id": begin_id}
        asked = {"prompt": "text", "max_tokens": 9, "vllm_xargs": {vllm.ARGUMENT: terms}}
        found = refusal(json.dumps(asked).encode(), first_id=1_000)
        assert (found or "").startswith(said or "")
        assert (found is None) == (said is None)
