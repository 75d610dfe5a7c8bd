"""Terms of any JSON through both engines: refused with ValueError, or met; no other is ended."""

from __future__ import annotations

import json
import logging
import random
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

import logos_grammar as lg
from logos_grammar.serving import read_terms, sglang, vllm
from serving import interfaces
from serving.interfaces import BatchUpdate, InvalidGrammarObject, SamplingParams
from serving.runners import CONFIG, CPU, EOS, WIDTH

BOS, MOST = 1, 9
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
    if how == 3:
        depth = draw(st.sampled_from([30, 2_000, 50_000]))
        return text[:at] + "[" * depth + text[at:]
    return text


terms_of_all_sorts = objects | values | texts() | st.text(max_size=20)


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


@pytest.fixture(params=[200, pytest.param(100_000, marks=pytest.mark.slow)])
def many(request: pytest.FixtureRequest) -> settings:
    return settings(
        max_examples=request.param,
        deadline=None,
        derandomize=request.param < 1_000,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """A hundred thousand refusals are logged to nobody."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def allowed_ids(row: torch.Tensor) -> list[int]:
    return torch.isfinite(row).nonzero().flatten().tolist()


def refused_by(validate: Callable[[SamplingParams], None], params: SamplingParams) -> str | None:
    """The words of a refusal; any other error is a failure."""
    try:
        validate(params)
    except ValueError as error:
        return str(error)
    return None


def test_any_terms_are_refused_or_met_by_vllm(processor_class: Any, many: settings) -> None:
    healthy = SamplingParams(extra_args={vllm.ARGUMENT: "protein"})

    @given(terms=terms_of_all_sorts, seed=st.integers(0, 2**32))
    @many
    def check(terms: Any, seed: int) -> None:
        asked = SamplingParams(extra_args={vllm.ARGUMENT: terms}, max_tokens=MOST)
        refusal = refused_by(processor_class.validate_params, asked)
        is_refused = refusal is not None
        assert len(refusal or "") < 2_000
        event("refused" if is_refused else "met")
        # Those that are refused are sent all the same.
        processor = processor_class(CONFIG, CPU, False)
        output: list[int] = []
        added: Any = [(0, healthy, [BOS], []), (1, asked, [BOS], output)]
        processor.update_state(BatchUpdate(2, [], added, []))
        rng = random.Random(seed)
        while len(output) < MOST and EOS not in output:
            masked = processor.apply(torch.zeros(2, WIDTH))
            assert allowed_ids(masked[0]) == [32]
            output.append(rng.choice(allowed_ids(masked[1])))
        if is_refused:
            return
        given_terms = read_terms(terms)
        if given_terms.prefix is None and given_terms.begin_id != BOS:
            assert output == [EOS]  # nothing in the prompt has this id, which only it shows
        else:
            lg.decode([*given_terms.prefix_in([BOS]), *(id for id in output if id != EOS)])

    check()


def test_any_terms_are_refused_or_met_by_sglang(backend: Any, many: settings) -> None:
    @given(terms=terms_of_all_sorts, seed=st.integers(0, 2**32))
    @many
    def check(terms: Any, seed: int) -> None:
        for dispatch in (backend.dispatch_ebnf, backend.dispatch_json):
            grammar = dispatch(terms)
            if isinstance(grammar, InvalidGrammarObject):
                assert 0 < len(grammar.error_message) < 2_000
                event("refused")
                continue
            event("met")
            rng = random.Random(seed)
            mask = grammar.allocate_vocab_mask(WIDTH, 1, "cpu")
            for _ in range(MOST):
                grammar.fill_vocab_mask(mask, 0)
                bits = np.unpackbits(mask.numpy().view(np.uint8), bitorder="little")
                grammar.accept_token(int(rng.choice(np.flatnonzero(bits).tolist())))
                if grammar.is_terminated():
                    break

    check()
