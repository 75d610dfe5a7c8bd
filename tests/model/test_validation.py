"""A validation measures each document by its kind, and the grammar's share of it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import logos_grammar
from logos_model.batches import Pass
from logos_model.config import BOS, EOS, Config
from logos_model.grammar import Grammar, LogosGrammar
from logos_model.parallel import Ranks, sharded
from logos_model.validation import OTHER, States, documents_of, validate

from .conftest import documents_of as stream_of
from .conftest import one_document

WORDS = [[3, 5, 6, 4, EOS], [3, 13, 7, 14, 4, EOS], [3, 4, EOS]]


def make_pass(sentences: list[list[int]], *, padding: int = 3) -> Pass:
    ids = [id for sentence in sentences for id in [BOS, *sentence[:-1]]] + [0] * padding
    targets = [id for sentence in sentences for id in sentence] + [-100] * padding
    lengths = [len(sentence) for sentence in sentences] + [1] * padding
    return Pass(targets_N=torch.tensor(targets), **stream_of(torch.tensor(ids), lengths))


def test_measures_are_those_of_each_document_alone(
    config: Config, ranks: Ranks, grammar: Grammar
) -> None:
    model = sharded(config, ranks)
    one = make_pass(WORDS)
    part = replace(one, position_N=one.position_N + 9 * (one.begin_N == 5))
    found = validate(model, [one, part], grammar=grammar, shape=config.model, ranks=ranks)
    nats = legal = illegal = 0.0
    for word in WORDS:
        logits_TV = model(**one_document(torch.tensor([BOS, *word[:-1]]))).detach()
        logs_TV = logits_TV.log_softmax(-1)
        for place, id in enumerate(word):
            allowed = grammar.next_ids(np.array(word[:place], np.uint16)).tolist() or [EOS]
            mass = float(logs_TV[place, allowed].exp().sum())
            nats -= float(logs_TV[place, id])
            legal -= float(logs_TV[place, id]) - math.log(mass)
            illegal += 1.0 - mass
    words, other, every = found["word"], found[OTHER], found["all"]
    assert (words.objects, other.objects, every.objects) == (5, 1, 6)
    # The second document of the second pass is a part, whose beginning is elsewhere.
    logits_TV = model(**one_document(torch.tensor([BOS, *WORDS[1][:-1]]))).detach()
    alone = F.cross_entropy(logits_TV, torch.tensor(WORDS[1]), reduction="sum")
    assert words.nats == pytest.approx(2 * nats - float(alone), rel=1e-5)
    assert every.illegal < 2 * illegal
    assert other.legal_nats == pytest.approx(other.nats)
    assert other.illegal == pytest.approx(0.0, abs=1e-5)
    first = validate(model, [one], grammar=grammar, shape=config.model, ranks=ranks)["word"]
    assert first.nats == pytest.approx(nats, rel=1e-5)
    assert first.legal_nats == pytest.approx(legal, rel=1e-5)
    assert first.illegal == pytest.approx(illegal, rel=1e-5)
    assert first.record()["bits_per_object"] == pytest.approx(nats / math.log(2) / 3, rel=1e-5)


def test_parameters_stay_sharded_after_a_validation(
    config: Config, ranks: Ranks, grammar: Grammar
) -> None:
    model = sharded(config, ranks)
    before = [id(weight) for weight in model.parameters()]
    validate(model, [make_pass(WORDS)], grammar=grammar, shape=config.model, ranks=ranks)
    assert [id(weight) for weight in model.parameters()] == before


@pytest.mark.parametrize("first_id", [0, 300])
def test_the_tokens_of_real_sentences_are_legal(config: Config, first_id: int) -> None:
    grammar = LogosGrammar()
    texts = {"molecule": "C[C@H](N)C(=O)O", "protein": "MKTAYIAKQR", "reaction": "CCO>>CC=O"}
    sentences = [
        [*logos_grammar.encode_texts(kind, [text])[0].tolist(), EOS]  # type: ignore[arg-type]
        for kind, text in texts.items()
    ]
    plain = make_pass(sentences)
    one = replace(
        plain,
        ids_N=plain.ids_N + first_id,
        targets_N=plain.targets_N.where(plain.targets_N < 0, plain.targets_N + first_id),
    )
    shape = replace(config.model, vocabulary_rows=1152 + first_id, first_id=first_id)
    states = States(grammar, shape)
    documents = documents_of(one)
    assert [states.kinds[kind] for _, _, kind in documents] == list(texts)
    state_N, masks_SV = states.of(one, documents)
    is_target_N = one.targets_N >= 0
    legal_N = masks_SV[state_N].gather(1, one.targets_N.clamp(min=0)[:, None])[:, 0]
    assert legal_N[is_target_N].all()
    assert masks_SV[state_N][is_target_N].sum(1).max() < 200
    assert not masks_SV[1:, :first_id].any()
    ends_N = one.targets_N == EOS + first_id
    assert masks_SV[state_N][ends_N].sum(1).tolist() == [1, 1, 1]
