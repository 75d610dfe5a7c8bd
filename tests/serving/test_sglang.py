"""SGLang's grammar backend, driven as its scheduler drives it: in batches and over draft trees."""

from __future__ import annotations

import inspect
import random
import runpy
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

import logos_grammar as lg
from logos_grammar.serving import request, sglang
from serving import interfaces
from serving.runners import EOS, drawn

BOS, VOCABULARY = 1, 8200
WIDTH = 8224
SHARED = "sglang.srt.constrained.base_grammar_backend"


@pytest.fixture(params=[False, True], ids=["newer", "older"])
def installed(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[dict[str, ModuleType]]:
    """SGLang in a newer and an older version."""
    modules = interfaces.sglang_modules(older=request.param)
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    sglang._grammar_class.cache_clear()
    yield modules
    sglang._grammar_class.cache_clear()


@pytest.fixture
def backend(installed: dict[str, ModuleType]) -> Any:
    """The backend as the scheduler gets it from the registry."""
    sglang.register()
    make = installed[SHARED].GRAMMAR_BACKEND_REGISTRY["logos"]
    return make(SimpleNamespace(grammar_backend="logos"), None, VOCABULARY, {EOS})


@dataclass
class Request:
    """A request, its grammar and what was generated."""

    grammar: Any
    begun: list[int]
    output_ids: list[int] = field(default_factory=list)
    has_ended: bool = False


def grammar_of(backend: Any, key: tuple[str, str]) -> Any:
    """The grammar of a key: the first time from another thread, and a copy of it is kept."""
    value, hit = backend.get_cached_or_future_value(key, False)
    if not hit:
        assert isinstance(value, Future)
        value = value.result()
        backend.set_cache(key, value.copy())
    return value


def step(requests: list[Request | None], logits: torch.Tensor) -> torch.Tensor:
    """One step: a mask for the batch, filled in for whoever has a grammar, moved and applied."""
    running = [one for one in requests if one is not None]
    first = running[0].grammar
    mask = first.allocate_vocab_mask(vocab_size=VOCABULARY, batch_size=len(requests), device="cpu")
    for row, one in enumerate(requests):
        if one is not None and not one.grammar.finished and not one.grammar.is_terminated():
            one.grammar.fill_vocab_mask(mask, row)
    mask = first.move_vocab_mask(mask, "cpu")
    first.apply_vocab_mask(logits=logits, vocab_mask=mask)
    first.reset_vocab_mask(mask)
    assert (mask == -1).all()
    return logits


def test_a_batch_generates_sentences(backend: Any) -> None:
    torch.manual_seed(0)
    acid = lg.encode(lg.molecule.Molecule.from_smiles("OC(=O)C1CC1")).tolist()
    wishes = [("molecule", [], 9), ("reaction", [], 14), (None, [], 12), ("molecule", acid[:7], 6)]
    requests: list[Request | None] = [None]
    for kind, begun, limit in wishes * 4:
        terms = request(kind, prompt_ids=[BOS, *begun], max_new_tokens=limit)
        requests.append(Request(grammar_of(backend, ("ebnf", terms)), begun))
    requests.append(Request(grammar_of(backend, ("json", '{"kind": "protein", "budget": 7}')), []))
    for _ in range(15):
        logits = torch.randn(len(requests), WIDTH)
        masked = step(requests, logits.clone())
        assert torch.equal(masked[0], logits[0])
        for one, token in zip(requests, drawn(masked), strict=True):
            if one is None or one.has_ended:
                continue
            one.output_ids.append(token)
            one.grammar.accept_token(token)
            one.has_ended = one.grammar.is_terminated()
            one.grammar.finished = one.has_ended
    for one in requests[1:]:
        assert one is not None
        assert one.has_ended
        assert one.output_ids[-1] == EOS
        lg.decode([*one.begun, *one.output_ids[:-1]])


def traverse(
    children: dict[int, list[int]], tokens: list[int], grammar: Any, masks: torch.Tensor, node: int
) -> None:
    """Fill the masks of a draft tree from a node on: into a child if its parent's mask has it."""
    if not grammar.is_terminated():
        grammar.fill_vocab_mask(masks, node)
        for child in children.get(node, []):
            word = int(masks[node, tokens[child] // 32])
            if word >> tokens[child] % 32 & 1:
                grammar.accept_token(tokens[child])
                traverse(children, tokens, grammar, masks, child)
                grammar.rollback(1)


def test_draft_trees_leave_the_grammar_where_it_was(backend: Any) -> None:
    """The mask of a node that can be reached is what may follow there; no other is filled."""
    rng = random.Random(0)
    likely = [192, 193, 384, 388, 528, 784, EOS, 34, 32, 33, 9, 8199]
    for _ in range(60):
        grammar = grammar_of(backend, ("ebnf", "molecule"))
        recognizer = lg.Recognizer("molecule")
        for _ in range(rng.randrange(8)):
            allowed = recognizer.allowed().tolist()
            token = rng.choice([id for id in likely if id in allowed] or [EOS])
            if token == EOS:
                break
            recognizer.accept(token)
            grammar.accept_token(token)
        done = recognizer.ids.tolist()
        parents = [-1, *(rng.randrange(node) for node in range(1, 12))]
        children: dict[int, list[int]] = {}
        for node, parent in enumerate(parents):
            children.setdefault(parent, []).append(node)
        tokens = [-1, *(rng.choice(likely) for _ in parents[1:])]
        masks = grammar.allocate_vocab_mask(VOCABULARY, len(parents), "cpu")
        traverse(children, tokens, grammar, masks, 0)
        for node in range(len(parents)):
            path: list[int] = []
            at = node
            while at > 0:
                path.insert(0, tokens[at])
                at = parents[at]
            expected = following([*done, *path])
            if expected is None:
                assert (masks[node] == -1).all()
            else:
                bits = np.unpackbits(masks[node].numpy().view(np.uint8), bitorder="little")
                assert np.flatnonzero(bits).tolist() == expected
        for token in [*recognizer.closing_tokens().tolist(), EOS]:
            grammar.accept_token(token)
        assert grammar.is_terminated()


def following(ids: list[int]) -> list[int] | None:
    """What may follow in a molecule; None where the ids cannot stand or nothing is asked."""
    recognizer = lg.Recognizer("molecule")
    for id in ids:
        if not recognizer.accept(id):
            return None
    return recognizer.allowed().tolist() or [EOS]


def test_a_token_that_cannot_follow_is_an_error_and_changes_nothing(backend: Any) -> None:
    grammar = grammar_of(backend, ("ebnf", "molecule"))
    grammar.accept_token(192)
    with pytest.raises(ValueError, match="expected a token that can follow, got 9000 at token 1"):
        grammar.accept_token(9000)
    with pytest.raises(ValueError, match="got 2 at token 1"):
        grammar.accept_token(EOS)
    for token in (384, 193):
        grammar.accept_token(token)
    assert not grammar.is_terminated()
    grammar.accept_token(EOS)
    assert grammar.is_terminated()
    grammar.accept_token(5)  # what runs ahead of the end
    grammar.rollback(2)
    assert not grammar.is_terminated()
    grammar.rollback(3)
    mask = grammar.allocate_vocab_mask(VOCABULARY, 1, "cpu")
    grammar.fill_vocab_mask(mask, 0)
    assert mask[0, 192 // 32] == 1 << 192 % 32
    assert mask.count_nonzero() == 1


def test_what_has_no_alternative_is_jumped_over(backend: Any) -> None:
    grammar = grammar_of(backend, ("ebnf", '{"kind": "protein", "budget": 3}'))
    helper = grammar.try_jump_forward(None)
    assert helper == ([32], "")
    assert grammar.jump_forward_str_state(helper) == ("", -1)
    alanine = lg.vocabulary.id("Ala")
    grammar.jump_and_retokenize([], [32, alanine], -1)
    assert grammar.try_jump_forward(None) == ([33], "")
    grammar.jump_and_retokenize([32, alanine], [32, 33], -1)
    assert grammar.try_jump_forward(None) is None
    grammar.accept_token(EOS)
    assert grammar.is_terminated()
    grammar.rollback(3)
    assert grammar.try_jump_forward(None) == helper


def test_logits_wider_than_the_mask_are_masked_where_a_grammar_is(backend: Any) -> None:
    grammar = grammar_of(backend, ("ebnf", "molecule"))
    mask = grammar.allocate_vocab_mask(lg.vocabulary.size, 2, "cpu")
    grammar.fill_vocab_mask(mask, 1)
    logits = torch.zeros(2, lg.vocabulary.size + 40)
    grammar.apply_vocab_mask(logits, mask)
    assert torch.isfinite(logits[0]).all()
    assert torch.isfinite(logits[1]).nonzero().flatten().tolist() == [192]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (("ebnf", "sonnet"), "expected a kind of object"),
        (("ebnf", "root ::= [a-z]"), "expected a kind of object"),
        (("json", '{"type": "object"}'), "got 'type'"),
        (
            ("ebnf", '{"kind": "molecule", "budget": 2}'),
            "budget: expected a budget of at least 3 tokens",
        ),
        (("ebnf", '{"kind": "molecule", "budget": 10.0}'), "budget: expected an integer"),
        (("ebnf", '{"kind": "molecule", "budget": NaN}'), "expected numbers of JSON, got NaN"),
        (("ebnf", '{"kind": 5}'), "kind: expected a text, got 5"),
        (("ebnf", '{"prefix":' + "[" * 100_000), "nest a few levels"),
        (("ebnf", '{"kind": "molecule", "prefix": [32]}'), "unexpected <ProteinS>"),
        (("ebnf", '{"kind": "molecule", "prefix": [99999]}'), "unexpected id 99999"),
    ],
)
def test_what_cannot_be_read_is_an_invalid_grammar(
    backend: Any, installed: dict[str, ModuleType], key: tuple[str, str], words: str
) -> None:
    value = grammar_of(backend, key)
    if hasattr(installed[SHARED], "InvalidGrammarObject"):
        assert isinstance(value, interfaces.InvalidGrammarObject)
        assert words in value.error_message
    else:
        assert value is installed[SHARED].INVALID_GRAMMAR_OBJ


def test_every_method_is_there_and_takes_what_it_is_given(backend: Any) -> None:
    grammar = grammar_of(backend, ("ebnf", "any"))
    own = (interfaces.BaseGrammarObject, interfaces.BaseGrammarBackend)
    for mine, theirs in zip((grammar, backend), own, strict=True):
        assert isinstance(mine, theirs)
        for name, method in inspect.getmembers(theirs, inspect.isfunction):
            if name == "__init__":
                continue
            parameters = dict.fromkeys(inspect.signature(method).parameters)
            parameters.pop("self", None)
            inspect.signature(getattr(mine, name)).bind(**parameters)
    assert not grammar.finished
    assert grammar.grammar_stats is None


def test_a_model_that_is_too_narrow_is_refused(installed: dict[str, ModuleType]) -> None:
    sglang.register("mine")
    make = installed[SHARED].GRAMMAR_BACKEND_REGISTRY["mine"]
    with pytest.raises(ValueError, match="expected a model with 8192 ids at least, got 100"):
        make(None, None, 100, None)
    with pytest.raises(ValueError, match="got 193, which is <MoleculeE>"):
        make(None, None, VOCABULARY, {EOS, 193})


def test_the_command_registers_and_starts_the_server(
    installed: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scheduler's process imports the same module under another name, and registers too."""
    started = []
    monkeypatch.setattr(sys, "argv", ["-m", "--grammar-backend", "logos"])
    monkeypatch.delitem(sys.modules, "logos_grammar.serving.sglang")
    run = runpy.run_module
    monkeypatch.setattr(runpy, "run_module", lambda name, **how: started.append((name, how)))
    for name in ("__main__", "__mp_main__"):
        installed[SHARED].GRAMMAR_BACKEND_REGISTRY.clear()
        run("logos_grammar.serving.sglang", run_name=name)
        assert list(installed[SHARED].GRAMMAR_BACKEND_REGISTRY) == ["logos"]
    assert installed["sglang.srt.server_args"].GRAMMAR_BACKEND_CHOICES.count("logos") == 1
    assert started == [("sglang.launch_server", {"run_name": "__main__"})]
    assert sys.argv[1:] == ["--grammar-backend", "logos"]


def test_without_sglang_the_module_is_there_and_says_what_is_missing() -> None:
    program = (
        "import sys; sys.modules['sglang'] = None\n"
        "from logos_grammar.serving import sglang\n"
        "try:\n    sglang.register()\n"
        "except ImportError as error:\n    print(error)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "sglang" in said.stdout
