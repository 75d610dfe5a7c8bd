"""Terms of any JSON through both engines: refused with ValueError, or met; no other is ended."""

from __future__ import annotations

import json
import logging
import random
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

import logos_grammar as lg
from logos_grammar.serving import follower, read_terms, sglang, vllm
from serving import interfaces
from serving.interfaces import BatchUpdate, InvalidGrammarObject, SamplingParams
from serving.runners import CONFIG, CPU, EOS, WIDTH

BOS, MOST = 1, 9
AT_ONCE = 8
"""How many terms are in one example: Hypothesis takes as long for one as for three of these."""
SHARED = "sglang.srt.constrained.base_grammar_backend"

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(2**60, 2**2000)
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from([0, 1, 3, 9, 10.0, True, "", "1", "any", "molecule", "protein", "copy", "C"])
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=12,
)
ids = st.sampled_from([192, 193, 384, 388, 528, 32, 33, 97]) | st.integers(-2, 9000)
kinds = st.sampled_from(
    [
        "molecule",
        "reaction",
        "protein",
        "nucleic_acid",
        "antibody",
        "infill",
        "edit",
        "dna",
        "rna",
        "any",
        None,
    ]
)
counts = st.integers(-1, 12)
profiles = st.sampled_from(["kekule+valence", "aromatic", "copy"]) | st.fixed_dictionaries(
    {},
    optional={
        "valence": st.sampled_from(["rdkit", None]) | values,
        "aromatic": st.booleans() | values,
        "copy": st.booleans() | values,
        "length": counts | st.lists(counts, max_size=3) | values,
        "composition": st.dictionaries(
            st.sampled_from(["C", "N", "Ala", "nt:A", "<MoleculeS>"]) | st.text(max_size=3),
            counts | values,
            max_size=3,
        )
        | values,
    },
)
begun = [192, 384, 388, 528]
prefixes = st.integers(0, 4).map(lambda n: begun[:n]) | st.lists(ids, max_size=6)
# Most fields are as they should be, so that what is wrong in one of them is reached.
fields = {
    "kind": kinds | values,
    "profile": profiles | values,
    "budget": st.integers(3, 40) | values,
    "prefix": prefixes | st.lists(ids | values, max_size=6) | values,
    "begin_id": st.sampled_from([1, 8192, 192]) | values,
}
objects = st.fixed_dictionaries({}, optional=fields) | st.fixed_dictionaries(
    {"kind": kinds}, optional={"budget": st.integers(3, 40), "profile": profiles}
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Terms as text: as written, cut, with pieces of another, or nested deeply."""
    text: str = json.dumps(draw(objects | values))
    how = draw(st.integers(0, 4))
    at: int = draw(st.integers(0, len(text)))
    if how == 1:
        return text[:at]
    if how == 2:
        piece: str = draw(st.sampled_from([*'{}[]":,\\ -.eE0', "NaN", "1e999"]))
        return text[:at] + piece + text[at:]
    values_begin = [found.end() for found in re.finditer(r"[\[:] ?", text)]
    if how == 3 and values_begin:
        at = draw(st.sampled_from(values_begin))
        depth = draw(st.sampled_from([30, 2_000, 50_000]))
        return text[:at] + "[" * depth + text[at:]
    return text


terms_of_all_sorts = objects | values | texts() | st.text(max_size=20)
batches = st.lists(terms_of_all_sorts, min_size=AT_ONCE, max_size=AT_ONCE)


@pytest.fixture
def processor_class(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name, module in interfaces.vllm_modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    vllm._processor_class.cache_clear()
    yield vllm.GrammarLogitsProcessor
    vllm._processor_class.cache_clear()


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    modules = interfaces.sglang_modules()
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    sglang._grammar_class.cache_clear()
    sglang.register()
    yield modules[SHARED].GRAMMAR_BACKEND_REGISTRY["logos"](None, None, WIDTH, {EOS})
    sglang._grammar_class.cache_clear()


@pytest.fixture(params=[800, pytest.param(100_000, marks=pytest.mark.slow)])
def many(request: pytest.FixtureRequest) -> settings:
    """The number of examples that make this number of terms."""
    return settings(
        max_examples=request.param // AT_ONCE,
        deadline=None,
        derandomize=request.param < 1_000,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(autouse=True)
def _no_faults(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refusals are not logged, and a fault of the library, which ends a request, ends the test."""

    def fault(message: str) -> None:
        raise AssertionError(message)

    for module in (follower, sglang):
        monkeypatch.setattr(module._log, "exception", fault)
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def refused_by(validate: Callable[[SamplingParams], None], params: SamplingParams) -> str | None:
    """The words of a refusal; any other error is a failure."""
    try:
        validate(params)
    except ValueError as error:
        return str(error)
    return None


def check_output(terms: Any, output: list[int]) -> None:
    """An output of terms that were not refused is a sentence."""
    read = read_terms(terms)
    if read.prefix is None and read.begin_id != BOS:
        assert output == [EOS]  # nothing in the prompt has this id, which only it shows
    else:
        lg.decode([*read.prefix_in([BOS]), *(id for id in output if id != EOS)])


def test_any_terms_are_refused_or_met_by_vllm(processor_class: Any, many: settings) -> None:
    healthy = SamplingParams(extra_args={vllm.ARGUMENT: "protein"})

    @given(batch=batches, seed=st.integers(0, 2**32))
    @many
    def check(batch: list[Any], seed: int) -> None:
        asked = [
            SamplingParams(extra_args={vllm.ARGUMENT: terms}, max_tokens=MOST) for terms in batch
        ]
        refusals = [refused_by(processor_class.validate_params, params) for params in asked]
        for refusal in refusals:
            assert len(refusal or "") < 2_000
            event("met" if refusal is None else "refused")
        # Those that are refused are sent all the same.
        processor = processor_class(CONFIG, CPU, False)
        outputs: list[list[int]] = [[] for _ in batch]
        added: Any = [(0, healthy, [BOS], [])]
        added += [
            (row, params, [BOS], output)
            for row, (params, output) in enumerate(zip(asked, outputs, strict=True), 1)
        ]
        processor.update_state(BatchUpdate(len(added), [], added, []))
        rng = random.Random(seed)
        for _ in range(MOST):
            allowed = torch.isfinite(processor.apply(torch.zeros(len(added), WIDTH))).numpy()
            assert np.flatnonzero(allowed[0]).tolist() == [32]
            for row, output in zip(allowed[1:], outputs, strict=True):
                if EOS not in output:
                    output.append(int(rng.choice(np.flatnonzero(row))))
        for terms, refusal, output in zip(batch, refusals, outputs, strict=True):
            if refusal is None:
                check_output(terms, output)

    check()


def test_any_terms_are_refused_or_met_by_sglang(backend: Any, many: settings) -> None:
    def check_one(grammar: Any, rng: random.Random) -> None:
        if isinstance(grammar, InvalidGrammarObject):
            assert 0 < len(grammar.error_message) < 2_000
            event("refused")
            return
        event("met")
        mask = grammar.allocate_vocab_mask(WIDTH, 1, "cpu")
        for _ in range(MOST):
            grammar.fill_vocab_mask(mask, 0)
            bits = np.unpackbits(mask.numpy().view(np.uint8), bitorder="little")
            grammar.accept_token(int(rng.choice(np.flatnonzero(bits))))
            if grammar.is_terminated():
                break

    @given(batch=batches, seed=st.integers(0, 2**32))
    @many
    def check(batch: list[Any], seed: int) -> None:
        rng = random.Random(seed)
        for terms in batch:
            for dispatch in (backend.dispatch_ebnf, backend.dispatch_json):
                check_one(dispatch(terms), rng)

    check()
