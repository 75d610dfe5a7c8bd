"""The stand-ins of vLLM are true to its classes; runs where vLLM is, as in `.ci/serve`."""

from __future__ import annotations

import dataclasses
import inspect
from importlib import import_module
from typing import Any

import pytest

from serving import interfaces

pytest.importorskip("vllm")

FIRST = "vllm.v1.sample.logits_processor.interface"
SECOND = "vllm.v1.worker.gpu.sample.logits_processor.interface"


@pytest.mark.parametrize(
    ("module", "name", "ours"),
    [
        (FIRST, "LogitsProcessor", interfaces.FirstLogitsProcessor),
        (SECOND, "LogitsProcessor", interfaces.SecondLogitsProcessor),
    ],
)
def test_the_abstract_classes_have_the_same_methods(module: str, name: str, ours: Any) -> None:
    theirs = getattr(import_module(module), name)

    def methods(cls: Any) -> dict[str, tuple[str, ...]]:
        members = [*inspect.getmembers(cls, inspect.isfunction)]
        members += inspect.getmembers(cls, inspect.ismethod)
        return {name: tuple(inspect.signature(each).parameters) for name, each in members}

    assert methods(ours) == methods(theirs)
    assert ours.__abstractmethods__ == theirs.__abstractmethods__


@pytest.mark.parametrize(
    ("module", "ours"),
    [
        (FIRST, interfaces.BatchUpdate),
        (SECOND, interfaces.LogitsProcRequestState),
        (SECOND, interfaces.LogitsContext),
    ],
)
def test_what_is_handed_over_has_the_same_fields(module: str, ours: Any) -> None:
    theirs = getattr(import_module(module), ours.__name__)
    assert [field.name for field in dataclasses.fields(ours)] == [
        field.name for field in dataclasses.fields(theirs)
    ]


def test_a_model_is_known_by_the_same_names() -> None:
    theirs = import_module("vllm.config").ModelConfig
    names = {field.name for field in dataclasses.fields(theirs)}
    assert {"max_model_len", "logits_processors"} <= names
    assert "hf_config" in names or "hf_config" in inspect.get_annotations(theirs)
    size = inspect.signature(theirs.get_vocab_size)
    assert size == inspect.signature(interfaces.ModelConfig.get_vocab_size, eval_str=True)


def test_a_request_moves_in_the_same_ways() -> None:
    theirs = import_module(FIRST).MoveDirectionality
    assert [each.name for each in interfaces.MoveDirectionality] == [each.name for each in theirs]


def test_parameters_are_the_same_when_they_are_validated_and_behind_it() -> None:
    theirs, ours = import_module("vllm").SamplingParams, interfaces.SamplingParams
    for given in ({}, {"stop_token_ids": [7, 8]}, {"ignore_eos": True}, {"max_tokens": None}):
        both = [cls(**given) for cls in (theirs, ours)]
        names = [field.name for field in dataclasses.fields(ours)]
        for name in [*(name for name in names if name[0] != "_"), "all_stop_token_ids"]:
            values = [getattr(params, name) for params in both]
            assert values[0] == values[1], name
        for params in both:
            params.update_from_generation_config({}, 2)
        assert both[0].all_stop_token_ids == both[1].all_stop_token_ids
        assert 2 in both[1].all_stop_token_ids
