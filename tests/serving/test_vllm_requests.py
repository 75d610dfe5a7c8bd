"""Requests of vLLM that cannot be met: refused when they come, and if not, ended alone."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import pytest
import torch

import logos_grammar as lg
from logos_grammar.serving import vllm
from logos_grammar.serving.sentence import Sentence
from serving.interfaces import (
    BatchUpdate,
    Buffer,
    LogitsContext,
    LogitsProcRequestState,
    SamplingParams,
)
from serving.runners import CONFIG, CPU, EOS, WIDTH, Make

BOS = 1


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ("sonnet", "kind: expected a kind of object"),
        (None, "expected a kind or an object of JSON, got None"),
        (3, "expected a kind or an object of JSON, got 3"),
        (["molecule"], "expected a kind or an object of JSON, got a list"),
        ("{", "expected a kind or an object of JSON, got '{'"),
        ('{"budget": 9, "budget": 8}', "expected each field once, got 'budget'"),
        ({"sort": "molecule"}, "expected begin_id, .*, got 'sort'"),
        ({"kind": 5}, "kind: expected a text, got 5"),
        ({"kind": "m" * 65}, "kind: expected a name of at most 64 printable characters"),
        ({"kind": "\ud800"}, "kind: expected a name of at most 64 printable characters"),
        ({"kind": "molecule", "budget": 10.0}, "budget: expected an integer .* got 10.0"),
        ({"kind": "molecule", "budget": float("nan")}, "budget: expected an integer .* got nan"),
        ({"budget": 0}, "budget: expected an integer from 1 to 2,147,483,647, got 0"),
        ({"budget": True}, "budget: expected an integer .* got True"),
        ({"budget": 10**400}, "budget: expected an integer .* got an integer of 1329 bits"),
        ({"kind": "molecule", "budget": 2}, "budget: expected a budget of at least 3 tokens"),
        ({"prefix": "123"}, "prefix: expected a list, got '123'"),
        ({"prefix": [None]}, r"prefix\[0\]: expected an integer .* got None"),
        ({"prefix": [1, 192.9]}, r"prefix\[1\]: expected an integer .* got 192.9"),
        ({"prefix": [float("inf")]}, r"prefix\[0\]: expected an integer .* got inf"),
        ({"prefix": [-1]}, r"prefix\[0\]: expected an integer .* got -1"),
        ({"prefix": range(2**20 + 1)}, "prefix: expected a list of at most 1,048,576 items"),
        ({"prefix": [[[[]]]]}, r"prefix\[0\]: expected an integer .* got a list"),
        ({"begin_id": "x"}, "begin_id: expected an integer .* got 'x'"),
        ({"begin_id": 192}, "begin_id: expected <bos> or an id outside .* got <MoleculeS>"),
        ({"begin_id": None}, "begin_id: expected an integer .* got None"),
        ('{"prefix": [1e400]}', r"prefix\[0\]: expected an integer .* got inf"),
        ('{"prefix": ' + "[" * 100_000 + "]" * 100_000 + "}", "nest a few levels"),
        ('{"budget": ' + "9" * 5000 + "}", "expected an integer of at most 20 digits, got 5000"),
        ('{"budget": -Infinity}', "expected numbers of JSON, got -Infinity"),
        ("{" + " " * 2**24 + "}", "expected at most 16,777,216 characters"),
    ],
)
def test_terms_that_are_not_as_said_are_refused_with_the_field(
    make: Make, terms: Any, words: str
) -> None:
    made: Any = make()
    with pytest.raises(ValueError, match=words) as caught:
        made.validate_params(SamplingParams(extra_args={vllm.ARGUMENT: terms}))
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"stop_token_ids": [2, 193]}, "got 193, which is <MoleculeE>"),
        ({"stop_token_ids": [-1]}, "expected stop ids from 0 on, got -1"),
        ({"ignore_eos": True}, "ignore_eos: expected none beside logos_grammar"),
        ({"min_tokens": 4}, "min_tokens: expected none"),
        ({"allowed_token_ids": [32, 33]}, "allowed_token_ids: expected none"),
        ({"bad_words": ["C"]}, "bad_words: expected none"),
        ({"structured_outputs": object()}, "structured_outputs: expected none"),
        ({"thinking_token_budget": 0}, "thinking_token_budget: expected none"),
        ({"trace_decode_token_ids": [192]}, "trace_decode_token_ids: expected none"),
        ({"max_tokens": 2}, "max_tokens: expected at least 3, the shortest sentence, got 2"),
    ],
)
def test_what_contradicts_the_terms_is_refused_when_it_is_asked(
    make: Make, params: dict[str, Any], words: str
) -> None:
    made: Any = make()
    made.validate_params(SamplingParams(extra_args={vllm.ARGUMENT: "molecule"}))
    made.validate_params(SamplingParams(extra_args=None, ignore_eos=True))
    asked: Any = SamplingParams(**{"extra_args": {vllm.ARGUMENT: "molecule"}, **params})
    with pytest.raises(ValueError, match=words):
        made.validate_params(asked)


def test_terms_that_name_the_prefix_are_judged_exactly(make: Make) -> None:
    """One token closes the molecule, none closes it with a ring open, and 32 begins no molecule."""
    made: Any = make()
    for prefix, most in (([192, 384], 1), ([192, 384, 193], 1), ([192], None), ([], 3)):
        terms = {"kind": "molecule", "prefix": prefix}
        made.validate_params(SamplingParams(extra_args={vllm.ARGUMENT: terms}, max_tokens=most))
    for prefix, most, words in (
        ([192], 1, "expected room for 2 more tokens"),
        ([], 2, "expected room for 3 more tokens"),
        ([32], 9, "unexpected <ProteinS> at token 0"),
        ([192, 99_999], 9, "unexpected id 99999 at token 1"),
    ):
        terms = {"kind": "molecule", "prefix": prefix}
        asked = SamplingParams(extra_args={vllm.ARGUMENT: terms}, max_tokens=most)
        with pytest.raises(lg.GrammarError, match=words):
            made.validate_params(asked)


def test_one_that_was_sent_all_the_same_is_ended_and_logged(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    processor = make()(CONFIG, CPU, False)
    for row, kind in enumerate(["molecule", "sonnet"]):
        asked = SamplingParams(extra_args={vllm.ARGUMENT: kind}, max_tokens=2)
        with caplog.at_level(logging.ERROR):
            processor.update_state(BatchUpdate(row + 1, [], [(row, asked, [BOS], [])], []))
    assert "a request is ended: expected room for 3 more tokens" in caplog.text
    assert "a request is ended: kind: expected a kind of object" in caplog.text
    masked = processor.apply(torch.zeros(2, WIDTH))
    assert torch.isfinite(masked).nonzero().tolist() == [[0, EOS], [1, EOS]]


def test_tokens_that_are_not_known_yet_end_the_request(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    processor = make()(CONFIG, CPU, False)
    asked = SamplingParams(extra_args={vllm.ARGUMENT: "molecule"})
    processor.update_state(BatchUpdate(1, [], [(0, asked, [BOS], [192, -1])], []))
    with caplog.at_level(logging.ERROR):
        masked = processor.apply(torch.zeros(1, WIDTH))
    assert "without asynchronous scheduling" in caplog.text
    assert torch.isfinite(masked).nonzero().tolist() == [[0, EOS]]


@pytest.mark.parametrize("second", [False, True])
def test_what_fails_in_one_request_ends_that_one(
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    second: bool,
) -> None:
    """Whatever the grammar raises, when a request begins and while it runs, a panic too."""

    class Panic(BaseException):
        """As the core's, which is no Exception."""

    asked = SamplingParams(extra_args={vllm.ARGUMENT: "molecule"})
    bad = SamplingParams(extra_args={vllm.ARGUMENT: {"kind": "molecule", "prefix": [192, 384]}})
    states = LogitsProcRequestState(
        device=CPU,
        max_num_reqs=2,
        vocab_size=WIDTH,
        all_token_ids=Buffer(torch.tensor([[BOS, 0], [BOS, 0]])),
        prompt_len=Buffer(torch.tensor([1, 1])),
        prefill_len=Buffer(torch.tensor([1, 1])),
        total_len=Buffer(torch.tensor([1, 1])),
    )
    context = LogitsContext(
        expanded_idx_mapping=torch.tensor([0, 1]),
        idx_mapping=torch.tensor([0, 1]),
        idx_mapping_np=np.array([0, 1]),
        expanded_local_pos=torch.tensor([0, 0]),
        input_ids=torch.tensor([BOS, BOS]),
        pos=torch.tensor([0, 0]),
        seq_lens_upper_bound_np=np.array([1, 1]),
    )
    fill = Sentence.fill

    def failing(sentence: Sentence, mask: Any, row: int) -> None:
        if sentence.position == 2:
            raise Panic("a panic")
        fill(sentence, mask, row)

    monkeypatch.setattr(Sentence, "fill", failing)
    made: Any = make(first=not second, second=second)
    if second:
        processor = made(CONFIG, states)
        processor.add_request(0, bad)
        processor.add_request(1, asked)
        masked = processor.apply(torch.zeros(2, WIDTH), context)
    else:
        processor = made(CONFIG, CPU, False)
        added: Any = [(0, bad, [BOS], []), (1, asked, [BOS], [])]
        processor.update_state(BatchUpdate(2, [], added, []))
        masked = processor.apply(torch.zeros(2, WIDTH))
    assert torch.isfinite(masked).nonzero().tolist() == [[0, EOS], [1, 192]]
    assert "a fault of logos_grammar" in caplog.text
    assert "Panic: a panic" in caplog.text


def test_a_stop_id_behind_the_logits_leaves_eos(make: Make) -> None:
    processor = make()(CONFIG, CPU, False)
    asked = SamplingParams(extra_args={vllm.ARGUMENT: "sonnet"}, stop_token_ids=[10**9])
    processor.update_state(BatchUpdate(1, [], [(0, asked, [BOS], [])], []))
    masked = processor.apply(torch.zeros(1, WIDTH))
    assert torch.isfinite(masked).nonzero().tolist() == [[0, EOS]]
