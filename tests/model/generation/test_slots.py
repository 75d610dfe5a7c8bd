"""What is drawn under the grammar decodes, whatever the slots, and follows from its number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from logos_model.config import EOS, Config, ConfigError
from logos_model.decoder import Decoder
from logos_model.generation.sampling import Sampling
from logos_model.generation.slots import draw
from logos_model.grammar import Grammar
from logos_model.samples import Sample, tally
from model.conftest import one_document


@pytest.fixture
def model(config: Config) -> Decoder:
    model = Decoder(config.model)
    model.initialize(seed=4)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.ndim > 1:
                weight.mul_(4)
    return model


def ids_of(samples: list[Sample]) -> list[bytes]:
    return [sample.ids.tobytes() for sample in samples]


def test_every_sample_that_ended_decodes(model: Decoder, grammar: Grammar) -> None:
    samples = draw(model, grammar, count=200, limit=30, slots=16)
    counts = tally(samples)
    assert counts.drawn == 200
    assert counts.ended == counts.decoded > 0
    assert counts.unfinished > 0, "a limit of 30 should leave some of an untrained model open"
    for sample in samples:
        assert sample.kind == "word"
        assert sample.error is None
        assert 1 < len(sample.ids) <= 30
        assert sample.ended == (sample.text is not None) == (len(grammar.next_ids(sample.ids)) == 0)
        if not sample.ended:
            assert len(sample.ids) == 30
    assert 0.3 < counts.mass_removed < 1.0


@pytest.mark.parametrize("slots", [1, 3, 7, 40, 64])
def test_samples_do_not_depend_on_their_neighbours(
    model: Decoder, grammar: Grammar, slots: int
) -> None:
    sampling = Sampling(seed=1, top_p=0.95)
    wanted = draw(model, grammar, count=24, limit=16, slots=16, sampling=sampling)
    found = draw(model, grammar, count=24, limit=16, slots=slots, sampling=sampling)
    assert ids_of(found) == ids_of(wanted)
    assert len(set(ids_of(wanted))) > 10
    # The same numbers in two calls, and another seed.
    parts = [
        *draw(model, grammar, count=10, limit=16, slots=4, sampling=sampling),
        *draw(model, grammar, count=14, limit=16, slots=9, sampling=sampling, first_sample=10),
    ]
    assert ids_of(parts) == ids_of(wanted)
    other = draw(model, grammar, count=24, limit=16, sampling=replace(sampling, seed=2))
    assert ids_of(other) != ids_of(wanted)


def test_a_sentence_as_long_as_the_limit_has_ended(model: Decoder, grammar: Grammar) -> None:
    samples = draw(model, grammar, count=200, limit=3)
    assert any(sample.ended and len(sample.ids) == 3 for sample in samples)
    assert all(sample.ended == (sample.ids[-1] == 4) for sample in samples)


@pytest.mark.parametrize("prefix", [[], [3], [3, 13, 7, 8, 9]])
def test_a_cold_draw_takes_the_likeliest(
    model: Decoder, grammar: Grammar, prefix: list[int]
) -> None:
    cold = draw(
        model, grammar, count=5, limit=24, prefix=prefix, sampling=Sampling(temperature=0), slots=2
    )
    assert len(set(ids_of(cold))) == 1
    assert cold[0].ids[: len(prefix)].tolist() == prefix
    ids = [1, *prefix]
    for drawn in cold[0].ids[len(prefix) :].tolist():
        with torch.inference_mode():
            logits_V = model(**one_document(torch.tensor(ids)))[-1]
        allowed = grammar.next_ids(np.array(ids[1:], dtype=np.uint16)).astype(int)
        assert drawn == allowed[int(logits_V[allowed].argmax())]
        ids.append(drawn)


def test_an_extended_model_draws_from_its_block(config: Config, grammar: Grammar) -> None:
    plain = Decoder(config.model)
    plain.initialize(seed=4)
    shape = replace(config.model, vocabulary_rows=100 + 64, first_id=100)
    extended = Decoder(shape)
    extended.initialize(seed=9)
    weights = dict(plain.state_dict())
    for name in ("model.embed_tokens.weight", "lm_head.weight"):
        weights[name] = torch.cat([torch.full((100, 32), 3.0), weights[name]])
    extended.load_state_dict(weights)
    assert ids_of(draw(extended, grammar, count=30, limit=20, slots=8)) == ids_of(
        draw(plain, grammar, count=30, limit=20, slots=8)
    )


def test_without_the_grammar_a_sample_ends_at_its_end_token(
    model: Decoder, grammar: Grammar
) -> None:
    sampling = Sampling(with_grammar=False)
    samples = draw(model, grammar, count=400, limit=12, sampling=sampling, slots=50)
    assert any(sample.ended for sample in samples)
    assert any(sample.error is not None for sample in samples)
    for sample in samples:
        assert EOS not in sample.ids
        assert sample.ended or len(sample.ids) == 12
        assert abs(sample.mass_removed) < 1e-6


def test_progress_is_told(model: Decoder, grammar: Grammar) -> None:
    told: list[tuple[int, int]] = []
    samples = draw(
        model, grammar, count=30, limit=12, slots=4, on_progress=lambda *now: told.append(now)
    )
    assert told == sorted(told)
    assert told[-1] == (30, sum(len(sample.ids) for sample in samples))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"limit": 49}, "expected a limit from 1 to 48, got 49"),
        ({"limit": 2, "prefix": [3, 5]}, "expected a limit from 3"),
        ({"limit": 9, "prefix": [3, 4]}, "expected a prefix that goes on"),
        ({"limit": 9, "slots": 0}, "expected samples and slots, got 1 samples and 0 slots"),
    ],
)
def test_impossible_draws_are_refused(
    model: Decoder, grammar: Grammar, options: dict[str, object], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        draw(model, grammar, count=1, **options)  # type: ignore[arg-type]  # any option


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"temperature": -1.0}, "expected a temperature of at least 0"),
        ({"temperature": float("nan")}, "expected a temperature of at least 0"),
        ({"top_p": 0.0}, "expected top_p above 0"),
        ({"min_p": 1.5}, "expected min_p from 0 to 1"),
        ({"seed": -1}, "expected a seed of at least 0"),
    ],
)
def test_impossible_samplings_are_refused(options: dict[str, float], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Sampling(**options)  # type: ignore[arg-type]  # any option


def test_a_model_without_the_rows_of_a_kind_is_told_so(config: Config, grammar: Grammar) -> None:
    model = Decoder(replace(config.model, vocabulary_rows=3))
    model.initialize(seed=1)
    with pytest.raises(ConfigError, match="expected a kind of object within the model's 3 rows"):
        draw(model, grammar, count=1, limit=9)
