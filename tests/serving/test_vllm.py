"""vLLM's three interfaces, driven as its runners drive them: rows move, slots are used again."""

from __future__ import annotations

import inspect
import json
import random
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch

import logos_grammar as lg
from logos_grammar.serving import request, vllm
from serving import interfaces
from serving.interfaces import (
    BatchUpdate,
    Buffer,
    LogitsContext,
    LogitsProcRequestState,
    MoveDirectionality,
    SamplingParams,
)
from serving.runners import (
    CONFIG,
    CPU,
    EOS,
    MAX_MODEL_LEN,
    WIDTH,
    FirstRunner,
    Make,
    Request,
    SecondRunner,
    drawn,
)

BOS = 1


def check(finished: Sequence[Request]) -> None:
    """Whether each is what was asked for: all of a sentence, or nothing."""
    for one in finished:
        output = one.output_ids[:-1] if one.output_ids[-1] == EOS else one.output_ids
        if one.wanted == "a sentence":
            lg.decode([*one.begun, *output])
        elif one.wanted == "nothing":
            assert one.output_ids == [EOS]


def requests(rng: random.Random) -> Request:
    """One request of many sorts."""
    acid = lg.encode(lg.molecule.Molecule.from_smiles("OC(=O)C1CC1")).tolist()
    begun = acid[: rng.randrange(len(acid))]
    limit: int | None = rng.choice([8, 12, 20])
    choice = rng.randrange(7)
    if choice == 0:  # it did not opt in
        return Request([BOS], SamplingParams(max_tokens=9), [], "anything")
    if choice == 1:  # no molecule begins so
        asked = SamplingParams(extra_args={vllm.ARGUMENT: "molecule"})
        return Request([BOS, 32], asked, [], "nothing")
    if choice == 2:  # three tokens are not enough to close what is open
        asked = SamplingParams(extra_args={vllm.ARGUMENT: "molecule"}, max_tokens=1)
        return Request([BOS, *acid[:1]], asked, [], "nothing")
    if choice == 3:
        terms: Any = request("molecule", prompt_ids=[BOS, *begun], max_new_tokens=9)
        limit = 9
    elif choice == 4:  # the prompt comes before the sentence
        terms, begun = json.dumps({"kind": "protein", "prefix": []}), []
        asked = SamplingParams(extra_args={vllm.ARGUMENT: terms}, max_tokens=limit)
        return Request([BOS, 5, 6, 7], asked, [], "a sentence")
    elif choice == 5:  # the end of the model's context is the limit
        terms, limit = {"kind": "molecule"}, rng.choice([None, 10 * MAX_MODEL_LEN])
    else:
        terms = "any"
    asked = SamplingParams(extra_args={vllm.ARGUMENT: terms}, max_tokens=limit)
    return Request([BOS, *begun], asked, begun, "a sentence")


@pytest.mark.parametrize("second", [False, True])
def test_the_first_runner_generates_sentences(make: Make, second: bool) -> None:
    torch.manual_seed(0)
    runner = FirstRunner(make(first=True, second=second)(CONFIG, CPU, False), requests, seed=0)
    rng = random.Random(0)
    for _ in range(70):
        runner.step(coming=rng.randrange(4) if len(runner.batch) < 9 else 0)
    while runner.batch:
        runner.step(coming=0)
    check(runner.finished)
    assert len(runner.finished) > 40


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("drafts", [0, 3])
def test_the_second_runner_generates_sentences(make: Make, first: bool, drafts: int) -> None:
    torch.manual_seed(1)
    made = make(first=first, second=True)
    runner = SecondRunner(made, CONFIG, requests, seed=1, drafts=drafts)
    while len(runner.finished) < 40:
        runner.step(fill=True)
    while runner.running:
        runner.step(fill=False)
    check(runner.finished)


def test_an_allowed_draft_is_followed_and_another_is_not(make: Make) -> None:
    states = LogitsProcRequestState(
        device=CPU,
        max_num_reqs=1,
        vocab_size=WIDTH,
        all_token_ids=Buffer(torch.tensor([[BOS, 192, 384, 0, 0, 0]])),
        prompt_len=Buffer(torch.tensor([3])),
        prefill_len=Buffer(torch.tensor([3])),
        total_len=Buffer(torch.tensor([3])),
    )
    processor = make(first=False)(CONFIG, states)
    processor.add_request(0, SamplingParams(extra_args={vllm.ARGUMENT: "any"}))
    context = LogitsContext(
        expanded_idx_mapping=torch.tensor([0, 0, 0, 0, 0]),
        idx_mapping=torch.tensor([0]),
        idx_mapping_np=np.array([0]),
        expanded_local_pos=torch.arange(5),
        input_ids=torch.tensor([384, 388, 193, EOS, 384]),
        pos=torch.arange(2, 7),
        seq_lens_upper_bound_np=np.array([7]),
    )
    masked = processor.apply(torch.zeros(5, WIDTH), context)
    allowed = [torch.isfinite(row).nonzero().flatten().tolist() for row in masked]
    assert allowed[0] == lg.next_ids([192, 384]).tolist()
    assert allowed[1] == lg.next_ids([192, 384, 388]).tolist()
    assert allowed[2:4] == [[EOS], [EOS]]  # complete; and after its end
    context.input_ids[1:3] = torch.tensor([33, 384])
    masked = processor.apply(torch.zeros(5, WIDTH), context)
    assert torch.isfinite(masked[0]).nonzero().flatten().tolist() == allowed[0]
    assert torch.isfinite(masked[1:]).nonzero()[:, 1].tolist() == [EOS] * 4


@pytest.mark.parametrize("runners", [{"second": False}, {"first": False}, {}])
def test_the_class_is_what_each_runner_loads(make: Make, runners: dict[str, bool]) -> None:
    """Loaded by its name, derived from what is there, abstract nowhere, each method callable."""
    made = make(**runners)
    module, _, name = "logos_grammar.serving.vllm:GrammarLogitsProcessor".partition(":")
    assert getattr(sys.modules[module], name) is made
    assert not inspect.isabstract(made)
    modules = interfaces.vllm_modules(**runners).values()
    bases = [module.LogitsProcessor for module in modules if hasattr(module, "LogitsProcessor")]
    assert bases
    for base in bases:
        assert issubclass(made, base)
        for method, theirs in inspect.getmembers(base, inspect.isfunction):
            parameters = list(inspect.signature(theirs).parameters)
            inspect.signature(getattr(made, method)).bind(*parameters)


def test_it_says_what_it_changes_and_reads(make: Make) -> None:
    processor = make()(CONFIG, CPU, False)
    assert processor.is_argmax_invariant() is False
    assert processor.needs_output_token_ids() is True
    logits = torch.randn(3, WIDTH)
    assert processor.apply(logits) is logits


def test_a_request_that_cannot_finish_is_refused_before_it_is_sent() -> None:
    with pytest.raises(lg.GrammarError, match="expected room for 3 more tokens"):
        request("molecule", prompt_ids=[BOS], max_new_tokens=2)
    with pytest.raises(lg.GrammarError, match="unexpected <ProteinS> at token 0"):
        request("molecule", prompt_ids=[BOS, 32], max_new_tokens=9)
    assert json.loads(request("molecule", prompt_ids=[BOS, 192], max_new_tokens=9)) == {
        "kind": "molecule",
        "budget": 10,
        "prefix": [192],
    }
    assert json.loads(request(prompt_ids=[5, 6], prefix=[], max_new_tokens=1 + 1)) == {
        "budget": 2,
        "prefix": [],
    }


def test_a_request_may_be_replaced_by_one_that_moves_or_comes(make: Make) -> None:
    processor = make()(CONFIG, CPU, False)
    asked = SamplingParams(extra_args={vllm.ARGUMENT: "any"})
    added: list[Any] = [
        (row, asked, [BOS, opening], []) for row, opening in enumerate([192, 32, 98])
    ]
    processor.update_state(BatchUpdate(3, [], added, []))
    other: Any = (2, SamplingParams(), [BOS], [])
    moved = [(1, 0, MoveDirectionality.UNIDIRECTIONAL)]
    processor.update_state(BatchUpdate(3, [], [other], moved))
    masked = processor.apply(torch.zeros(3, WIDTH))
    allowed = torch.isfinite(masked)
    assert allowed[0].nonzero().flatten().tolist() == lg.next_ids([32]).tolist()
    assert allowed[1:].all()


def test_the_oldest_interface_takes_one_request() -> None:
    """(prompt, output, logits) -> logits, three parameters; the same one for several requests."""
    torch.manual_seed(0)
    processor = vllm.RequestProcessor("molecule", max_tokens=9)
    assert len(inspect.signature(processor).parameters) == 3
    both = [processor, processor.clone()]
    prompts = [[BOS], [BOS, 192, 384, 528]]
    outputs: list[list[int]] = [[], []]
    for _ in range(9):
        for number, (prompt, output) in enumerate(zip(prompts, outputs, strict=True)):
            if EOS not in output:
                masked = both[number % 2](prompt, output, torch.randn(WIDTH))
                other = both[0](prompt, output, masked.clone())
                assert torch.equal(masked, other)
                output.extend(drawn(masked[None]))
    for prompt, output in zip(prompts, outputs, strict=True):
        lg.decode([*prompt[1:], *(id for id in output if id != EOS)])


def test_without_vllm_the_module_is_there_and_its_class_is_not() -> None:
    program = (
        "import sys; sys.modules['vllm'] = None\n"
        "from logos_grammar.serving import vllm\n"
        "try:\n    vllm.GrammarLogitsProcessor\n"
        "except ImportError as error:\n    print(error)\n"
        "print(hasattr(vllm, 'anything'))"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    first, second = said.stdout.strip().splitlines()
    assert first.startswith("expected a vLLM that has vllm.v1.sample.logits_processor or")
    assert second == "False"
