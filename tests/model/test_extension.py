"""A language model is extended by the grammar: its text stays as it was, its new rows learn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import logos_grammar as lg
from logos_model import extend as extend_command
from logos_model import generate, text_shards, train
from logos_model.config import IGNORED, ConfigError
from logos_model.data.corpus import open_corpus
from logos_model.data.manifest import write_manifest
from logos_model.data.shards import write_shard
from logos_model.extend import EMBEDDING, HEAD, extend
from logos_model.loss import cross_entropy_sum
from logos_model.sampled_head import EVERY, sampled_cross_entropy_sum
from logos_model.text_shards import tokenizer_digest, write_text

transformers = pytest.importorskip("transformers", reason="extends models of transformers")
tokenizers = pytest.importorskip("tokenizers", reason="extends models of transformers")

TEXT = (
    "a molecule begins, the molecule ends; a ring opens and closes again <MoleculeS>CCO<MoleculeE>"
)


def write_base(folder: Path, architecture: str, *, tied: bool, files: int = 1) -> Path:
    """Write a small random model with a tokenizer of bytes."""
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    words = {letter: place for place, letter in enumerate(sorted(alphabet))}
    words |= {"<s>": len(words), "</s>": len(words) + 1}
    model = tokenizers.Tokenizer(tokenizers.models.BPE(vocab=words, merges=[]))
    model.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    model.decoder = tokenizers.decoders.ByteLevel()
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=model, bos_token="<s>", eos_token="</s>"
    )
    fast.save_pretrained(folder)
    torch.manual_seed(5)
    shape = transformers.AutoConfig.for_model(
        architecture,
        vocab_size=264,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=12,
        max_position_embeddings=128,
        tie_word_embeddings=tied,
        bos_token_id=words["<s>"],
        eos_token_id=words["</s>"],
    )
    made = transformers.AutoModelForCausalLM.from_config(shape)
    made.save_pretrained(folder, max_shard_size="20KB" if files > 1 else "1GB")
    return folder


def logits_of(folder: Path, text: str) -> tuple[Any, torch.Tensor]:
    words = transformers.AutoTokenizer.from_pretrained(folder)
    ids = words.encode(text, add_special_tokens=False)
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    with torch.inference_mode():
        return ids, model(input_ids=torch.tensor([ids])).logits[0]


@pytest.mark.parametrize(
    ("architecture", "tied", "files"),
    [("llama", True, 1), ("llama", False, 2), ("qwen3", False, 1)],
)
def test_text_is_as_it_was(tmp_path: Path, architecture: str, tied: bool, files: int) -> None:
    base = write_base(tmp_path / "base", architecture, tied=tied, files=files)
    assert (base / "model.safetensors.index.json").exists() == (files > 1)
    made = extend(base, tmp_path / "out", text=TEXT)
    assert made.first_id == 264
    before_ids, before = logits_of(base, TEXT)
    after_ids, after = logits_of(made.folder, TEXT)
    assert before_ids == after_ids
    assert max(after_ids) < made.first_id, "no text may give an id of the block"
    assert after.shape[1] == 264 + lg.vocabulary.size
    torch.testing.assert_close(after[:, :264], before, rtol=0, atol=0)
    text = made.report.text
    assert text is not None
    assert text.tokens == len(before_ids) - 1
    assert text.after - text.before > 0
    assert 0 < text.new_mass < 1
    assert (made.report.head is None) == tied
    assert "nats per token before" in str(made.report)
    config = json.loads((made.folder / "config.json").read_text())
    assert config["logos_first_id"] == 264
    assert config["logos_fingerprint"] == lg.vocabulary.fingerprint
    generation = json.loads((made.folder / "generation_config.json").read_text())
    assert generation["eos_token_id"] == [257, 266]
    for name in ("tokenizer.json", "tokenizer_config.json"):
        assert (base / name).read_bytes() == (made.folder / name).read_bytes()


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--out", "expected to write the extended model to .*file/x: Not a directory"),
        ("--text", "expected a text at .*file/x: Not a directory"),
    ],
)
def test_what_cannot_be_read_or_written_is_said_with_its_path(
    tmp_path: Path, option: str, words: str
) -> None:
    base = write_base(tmp_path / "base", "llama", tied=True)
    (tmp_path / "file").touch()
    given = {"--base": str(base), "--out": str(tmp_path / "out")}
    given[option] = str(tmp_path / "file" / "x")
    with pytest.raises(SystemExit, match=words):
        extend_command.main([word for pair in given.items() for word in pair])


def test_new_rows_are_the_mean_of_their_gloss(tmp_path: Path) -> None:
    base = write_base(tmp_path / "base", "llama", tied=False)
    made = extend(base, tmp_path / "out")
    words = transformers.AutoTokenizer.from_pretrained(base)
    weights = transformers.AutoModelForCausalLM.from_pretrained(made.folder).state_dict()
    for name in (EMBEDDING, HEAD):
        rows, first = weights[name].float(), made.first_id
        spread = rows[:first].std().item()
        for id in list(lg.vocabulary)[::400]:
            ids = words.encode(lg.vocabulary.gloss(id), add_special_tokens=False)
            rest = rows[first + id] - rows[ids].mean(0)
            assert 0 < rest.std().item() < 0.05 * spread
    glosses = [tuple(rows[first + id].tolist()) for id in lg.vocabulary]
    assert len(set(glosses)) == len(glosses), "tokens of equal gloss should differ"
    again = extend(base, tmp_path / "again")
    name = "model.safetensors"
    assert (again.folder / name).read_bytes() == (made.folder / name).read_bytes()


def test_what_cannot_be_extended_is_refused(tmp_path: Path) -> None:
    base = write_base(tmp_path / "base", "llama", tied=True)
    made = extend(base, tmp_path / "out")
    with pytest.raises(ConfigError, match=r"expected a base model in .*, it is extended already"):
        extend(made.folder, tmp_path / "twice")
    with pytest.raises(ConfigError, match="expected a new folder as --out"):
        extend(base, tmp_path / "out")
    with pytest.raises(SystemExit, match=r"expected a model's config\.json in"):
        extend_command.main(["--base", str(tmp_path), "--out", str(tmp_path / "new")])
    config = json.loads((base / "config.json").read_text())
    (base / "config.json").write_text(json.dumps({**config, "model_type": "gpt2"}))
    with pytest.raises(ConfigError, match="expected model_type llama or qwen3"):
        extend(base, tmp_path / "new")
    (base / "config.json").write_text(json.dumps(config))
    (base / "model.safetensors").unlink()
    with pytest.raises(ConfigError, match="expected safetensors of a model in"):
        extend(base, tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("seed", [0, 1])
def test_the_sampled_head_is_the_whole_head_in_expectation(seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    N, D, V, first = 53, 6, 40, 25
    h_ND = torch.randn(N, D, generator=generator, dtype=torch.float64, requires_grad=True)
    weight_VD = torch.randn(V, D, generator=generator, dtype=torch.float64, requires_grad=True)
    targets_N = torch.randint(V, (N,), generator=generator)
    targets_N[::7] = IGNORED
    whole = cross_entropy_sum(h_ND, weight_VD, targets_N)
    wanted = torch.autograd.grad(whole, (h_ND, weight_VD))
    losses, gradients = [], []
    for choice in range(EVERY):
        loss = sampled_cross_entropy_sum(h_ND, weight_VD, targets_N, first_id=first, choice=choice)
        losses.append(loss.detach())
        gradients.append(torch.autograd.grad(loss, (h_ND, weight_VD)))
    torch.testing.assert_close(torch.stack(losses).mean(), whole.detach(), rtol=1e-12, atol=0)
    for place, gradient in enumerate(wanted):
        mean = torch.stack([each[place] for each in gradients]).mean(0)
        torch.testing.assert_close(mean, gradient, rtol=1e-10, atol=1e-12)
    assert torch.stack(losses).std() > 0.1, "the choices should differ"


def test_text_becomes_shards_of_the_base_tokenizer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = write_base(tmp_path / "base", "llama", tied=True)
    texts = ["one text", "another, with <MoleculeS>", "Größe"]
    (tmp_path / "some.jsonl").write_text(
        "".join(json.dumps({"text": text}) + "\n" for text in texts[:2])
    )
    (tmp_path / "last.txt").write_text(texts[2], encoding="utf-8")
    files = [tmp_path / "some.jsonl", tmp_path / "last.txt"]
    command = ["--tokenizer", str(base), "--out", str(tmp_path / "text"), *map(str, files)]
    assert text_shards.main(command) == 0
    assert "3 documents" in capsys.readouterr().out
    corpus = open_corpus([tmp_path / "text"], fingerprint="x", tokenizer=tokenizer_digest(base))
    words = transformers.AutoTokenizer.from_pretrained(base)
    found = [corpus.document(number).tolist() for number in range(len(corpus))]
    assert [words.decode(ids[:-1]) for ids in found] == texts
    assert {ids[-1] for ids in found} == {words.eos_token_id} == {257}
    assert (corpus.manifest.bos_id, corpus.manifest.eos_id) == (256, 257)
    assert corpus.document(0).dtype == "int32"
    with pytest.raises(ConfigError, match="expected a new folder as --out"):
        write_text(base, files, tmp_path / "text")
    (tmp_path / "bad.jsonl").write_text('{"text": "fine"}\n{"body": 1}\n')
    with pytest.raises(ConfigError, match=r"expected an object with a text in line 2 of .*bad"):
        write_text(base, [tmp_path / "bad.jsonl"], tmp_path / "bad")
    with pytest.raises(ConfigError, match=r"expected tokenizer\.json in"):
        write_text(tmp_path, files, tmp_path / "none")


def write_molecules(folder: Path) -> Path:
    """Write some molecules as shards."""
    texts = ["CCO", "CC(=O)O", "c1ccccc1O", "CCN", "C1CC1", "CC(C)O", "OCCO", "CC#N"] * 30
    folder.mkdir()
    sentences = lg.encode_texts("molecule", texts)
    write_shard(folder / "molecule", [np.append(ids, np.uint16(2)) for ids in sentences])
    write_manifest(folder, {"fingerprint": lg.vocabulary.fingerprint})
    return folder


@pytest.mark.parametrize(
    ("architecture", "tied", "head"),
    [("llama", True, "full"), ("qwen3", False, "sampled")],
)
def test_an_extended_model_learns_samples_and_is_exported(
    tmp_path: Path, architecture: str, tied: bool, head: str, capsys: pytest.CaptureFixture[str]
) -> None:
    base = write_base(tmp_path / "base", architecture, tied=tied)
    extended = extend(base, tmp_path / "extended").folder
    (tmp_path / "replay.txt").write_text(TEXT * 4)
    write_text(base, [tmp_path / "replay.txt"], tmp_path / "text")
    molecules = write_molecules(tmp_path / "molecules")
    config = tmp_path / "config.toml"
    config.write_text(
        f"""
        [model]
        {EXTENDED_SHAPE}
        [extension]
        base = "{extended}"
        new_rows_steps = 6
        head = "{head}"
        [[data.sources]]
        name = "molecules"
        paths = ["{molecules}"]
        weight = 3.0
        [[data.sources]]
        name = "text"
        paths = ["{tmp_path / "text"}"]
        weight = 1.0
        [data]
        held_out = 0.05
        [optimizer]
        learning_rate = 2e-2
        warmup_steps = 1
        [training]
        steps = 18
        context = 64
        batch_rows = 4
        checkpoint_every = 6
        keep_checkpoints = 3
        """
    )
    out = tmp_path / "run"
    command = ["--config", str(config), "--device", "cpu", "--samples", "6", "--out", str(out)]
    assert train.main([*command, "--stop-after", "6"]) == 0
    before = transformers.AutoModelForCausalLM.from_pretrained(extended).state_dict()
    alone = weights_of(out / "checkpoints/step-00000006/model")
    for name, weight in before.items():
        if name in (EMBEDDING, HEAD):
            assert torch.equal(alone[name][:264], weight[:264]), name
            assert not torch.equal(alone[name][264:], weight[264:]), name
        else:
            assert torch.equal(alone[name], weight), name
    assert train.main(["--resume", str(out), "--device", "cpu", "--samples", "6"]) == 0
    after = weights_of(out / "checkpoints/step-00000018/model")
    assert all(not torch.equal(after[name], weight) for name, weight in before.items())
    records = [json.loads(line) for line in (out / "metrics.jsonl").open()]
    losses = [record["loss"] for record in records if "loss" in record]
    assert len(losses) == 18
    # One estimate of the sampled head may be far off, their mean is not.
    assert sum(losses[-6:]) < 0.8 * sum(losses[:6])
    samples = [json.loads(line) for line in (out / "samples.jsonl").open()]
    assert [sample["kind"] for sample in samples] == ["molecule"] * 6
    assert all(sample["text"] is not None for sample in samples)
    exported = out / "checkpoints/step-00000018/model"
    assert masked_sample(exported) is not None
    ids = transformers.AutoTokenizer.from_pretrained(exported).encode("<MoleculeS>CCO")
    assert max(ids) < 264
    capsys.readouterr()
    drawn = ["--checkpoint", str(out), "--kind", "molecule", "--n", "5", "--limit", "30"]
    assert generate.main(drawn) == 0
    assert "5 of 5 ended samples decoded" in capsys.readouterr().err


def weights_of(folder: Path) -> dict[str, torch.Tensor]:
    found = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    weights: dict[str, torch.Tensor] = found.state_dict()
    return weights


def masked_sample(folder: Path, limit: int = 30) -> Any:
    """Draw a molecule with transformers, its ids shifted to the block and masked there."""
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    first = json.loads((folder / "config.json").read_text())["logos_first_id"]
    recognizer = lg.Recognizer("molecule", budget=limit)
    ids = [first + 1]
    torch.manual_seed(0)
    while not recognizer.is_accepting:
        with torch.inference_mode():
            logits = model(input_ids=torch.tensor([ids])).logits[0, -1, first:].float()
        allowed = recognizer.allowed().astype(int)
        id = int(allowed[int(torch.multinomial(logits[allowed].softmax(-1), 1))])
        assert recognizer.accept(id)
        ids.append(first + id)
    return lg.decode([id - first for id in ids[1:]])


EXTENDED_SHAPE = """
        hidden_size = 32
        intermediate_size = 48
        num_hidden_layers = 2
        num_attention_heads = 4
        num_key_value_heads = 2
        head_dim = 12
        max_position_embeddings = 128
"""
"""Overruled by that of the base."""
