"""Sentences as a data set of torch: what is in it, its batches, and a Trainer that takes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

import logos_grammar as lg
from logos_grammar.protein import Protein
from logos_model.data.dataset import SentenceDataset, collate

TEXTS = ["CCO", "C", "c1ccccc1", "CC(=O)[O-]"] * 4


def test_rows_are_sentences_with_their_ends() -> None:
    column = lg.encode_texts("molecule", TEXTS)
    for bos, eos in ((False, True), (True, False), (True, True), (False, False)):
        dataset = SentenceDataset(column, with_bos=bos, with_eos=eos)
        assert len(dataset) == len(TEXTS)
        for row, sentence in enumerate(column):
            wanted = [1] * bos + sentence.tolist() + [2] * eos
            assert dataset[row]["input_ids"].tolist() == wanted
            assert dataset[row]["input_ids"].dtype == torch.int64
    with pytest.raises(IndexError):
        dataset[len(TEXTS)]


def test_shards_are_the_same_as_what_was_written(tmp_path: Path) -> None:
    objects = [*lg.decode_many(lg.encode_texts("molecule", TEXTS)), Protein("MK")]
    with lg.prep.Shards(tmp_path) as shards:
        shards.add_many(objects)
    wanted = SentenceDataset(lg.encode_many(objects))
    for of in (tmp_path, str(tmp_path), lg.prep.ShardReader(tmp_path)):
        dataset = SentenceDataset(of)
        assert len(dataset) == len(objects)
        for row in range(len(objects)):
            assert torch.equal(dataset[row]["input_ids"], wanted[row]["input_ids"])
    with pytest.raises(lg.prep.InputError):
        SentenceDataset(tmp_path / "none")


def test_refused_rows_are_not_data() -> None:
    column = lg.encode_texts("molecule", ["C", "C!"], errors="collect")
    with pytest.raises(lg.GrammarError, match="row 1 was refused"):
        SentenceDataset(column)
    assert len(SentenceDataset(column.without_refused())) == 1


@pytest.mark.parametrize("given", [None, ["CCO"], np.array([192, 384, 193])])
def test_what_are_no_sentences_is_no_data_set(given: Any) -> None:
    with pytest.raises(TypeError, match=f"a folder of shards .* not {type(given).__name__}$"):
        SentenceDataset(given)


def test_a_batch_has_a_row() -> None:
    with pytest.raises(ValueError, match="expected at least 1 row to make a batch of, not 0"):
        collate([])


@pytest.mark.parametrize("workers", [0, 2])
def test_batches_are_padded_and_padding_has_no_label(workers: int) -> None:
    column = lg.encode_texts("molecule", TEXTS)
    loader = DataLoader(
        SentenceDataset(column), batch_size=3, collate_fn=collate, num_workers=workers
    )
    batches = list(loader)
    assert [len(batch["input_ids"]) for batch in batches] == [3, 3, 3, 3, 3, 1]
    wanted = column.padded(with_eos=True)
    row = 0
    for batch in batches:
        width = batch["input_ids"].shape[1]
        for ids, mask, labels in zip(
            batch["input_ids"], batch["attention_mask"], batch["labels"], strict=True
        ):
            assert ids.tolist() == wanted.ids[row, :width].tolist()
            assert mask.bool().tolist() == wanted.mask[row, :width].tolist()
            assert torch.equal(labels, ids.where(mask.bool(), torch.tensor(-100)))
            row += 1
    assert row == len(TEXTS)


def test_the_trainer_of_transformers_takes_them(tmp_path: Path) -> None:
    """As they are, and a model learns the sentences by heart."""
    pytest.importorskip("accelerate")
    transformers = pytest.importorskip("transformers")
    config = transformers.LlamaConfig(
        vocab_size=lg.vocabulary.size,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
    )
    torch.manual_seed(0)
    trainer = transformers.Trainer(
        model=transformers.LlamaForCausalLM(config),
        args=transformers.TrainingArguments(
            str(tmp_path),
            per_device_train_batch_size=4,
            num_train_epochs=5,
            report_to=[],
            learning_rate=1e-2,
            use_cpu=True,
            save_strategy="no",
            logging_steps=1,
            disable_tqdm=True,
        ),
        train_dataset=SentenceDataset(lg.encode_texts("molecule", TEXTS)),
        data_collator=collate,
    )
    trainer.train()
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    assert len(losses) == 20
    assert np.isfinite(losses).all()
    assert losses[-1] < losses[0] / 2
