"""Many at once: trees of drafts, batches of recognizers, logits; each as one by one."""

from __future__ import annotations

import sys
from random import Random
from threading import Thread
from time import sleep
from typing import Any

import numpy as np
import pytest

import logos_grammar as lg
from recognizer.model import WORDS, Ids, array, bits
from recognizer.states import FAST, PROFILES, Kind, begin, each_profile, random_walk

ROUNDS = 40 if FAST else 4_000
WIDE = lg.vocabulary.size + 100


def some_recognizers(random: Random, count: int) -> list[lg.Recognizer]:
    """Recognizers of any kind, somewhere in a sentence or at its end."""
    found = []
    for _ in range(count):
        budget = random.choice([None, 20, 60])
        recognizer = begin(random.choice(PROFILES), budget=budget)
        steps = random.randrange(40)
        for _ in random_walk(recognizer, random):
            if recognizer.position >= steps:
                break
        found.append(recognizer)
    return found


def draft(recognizer: lg.Recognizer, random: Random, nodes: int) -> tuple[list[int], Ids]:
    """A tree of drafts, of which some may not come."""
    parents, tokens = [], list[int]()
    forks: list[lg.Recognizer] = []
    for node in range(nodes):
        parent = random.randrange(-1, node)
        fork = (recognizer if parent < 0 else forks[parent]).fork()
        allowed = fork.allowed().tolist() or [0]
        token = random.choice(allowed) if random.random() < 0.9 else random.randrange(8192)
        fork.accept(token)
        forks.append(fork)
        parents.append(parent)
        tokens.append(token)
    return parents, array(tokens)


@each_profile
def test_a_tree_of_drafts_is_as_forking_at_each_node(kind: Kind) -> None:
    random = Random(1)
    recognizer = begin(kind, budget=60)
    for _ in random_walk(recognizer, random, reluctance=0.9):
        before = recognizer.ids.tolist()
        parents, tokens = draft(recognizer, random, random.randrange(1, 12))
        forks: list[lg.Recognizer | None] = []
        for parent, token in zip(parents, tokens.tolist(), strict=True):
            fork = recognizer.fork() if parent < 0 else forks[parent]
            fork = fork.fork() if fork is not None else None
            forks.append(fork if fork is not None and fork.accept(token) else None)
        masks = np.full((len(tokens), WORDS), -1, np.int32)
        recognizer.fill_tree(np.array(parents, np.int32), tokens, masks)
        wanted = [bits([]) if fork is None else bits(fork.allowed().tolist()) for fork in forks]
        assert np.array_equal(masks, wanted), before
        assert recognizer.ids.tolist() == before


@pytest.mark.parametrize("threads", [None, 1, 2, 7])
def test_a_batch_on_threads_is_as_each_alone(threads: int | None) -> None:
    """Batches of one row, of one share of rows, of a few shares and of a last one in part."""
    random = Random(3)
    known = some_recognizers(random, 30)
    for count in (0, 1, 63, 64, 65, 300, 3_001):
        batch = [random.choice(known).fork() for _ in range(count)]
        masks = np.full((count + 1, WORDS), -1, np.int32)
        lg.fill_batch(batch, masks, threads=threads)
        assert (masks[count:] == -1).all()
        assert np.array_equal(
            masks[:count], [bits(one.allowed().tolist()) for one in batch] or masks[:0]
        )
        tokens = array([random.choice([*one.allowed().tolist()[:3], 0, 384]) for one in batch])
        alone = [one.fork() for one in batch]
        taken = lg.accept_batch(batch, tokens, threads=threads)
        assert taken.tolist() == [
            one.accept(token) for one, token in zip(alone, tokens.tolist(), strict=True)
        ]
        assert [one.ids.tolist() for one in batch] == [one.ids.tolist() for one in alone]


@pytest.mark.parametrize("threads", [0, -1])
def test_a_batch_without_a_thread_is_refused(threads: int) -> None:
    with pytest.raises(ValueError, match=f"expected at least 1 thread, not {threads}"):
        lg.fill_batch([], np.zeros((0, WORDS), np.int32), threads=threads)
    with pytest.raises(ValueError, match=f"expected at least 1 thread, not {threads}"):
        lg.accept_batch([], array([]), threads=threads)


@pytest.mark.parametrize("call", ["fill_batch", "accept_batch"])
def test_other_threads_run_while_a_batch_is_worked_on(call: str) -> None:
    """No thread is interrupted here: others run only where the interpreter is given away."""
    batch = [lg.Recognizer("molecule", profile="kekule+valence") for _ in range(20_000)]
    masks, tokens = np.zeros((len(batch), WORDS), np.int32), np.full(len(batch), 192)
    state = []

    def work() -> None:
        state.append("begun")
        lg.fill_batch(batch, masks) if call == "fill_batch" else lg.accept_batch(batch, tokens)
        state.append("ended")

    def was_seen_at_work() -> bool:
        state.clear()
        thread = Thread(target=work)
        thread.start()
        seen = False
        while "ended" not in state:
            seen = seen or state == ["begun"]
            sleep(0)
        thread.join()
        return seen

    before = sys.getswitchinterval()
    sys.setswitchinterval(100)
    try:
        assert any(was_seen_at_work() for _ in range(20))
    finally:
        sys.setswitchinterval(before)


def test_a_batch_fills_and_takes_as_each_alone() -> None:
    random = Random(2)
    for _ in range(ROUNDS):
        batch = some_recognizers(random, random.randrange(12))
        masks = np.full((len(batch) + 2, WORDS + 3), -1, np.int32)
        lg.fill_batch(batch, masks)
        assert (masks[len(batch) :] == -1).all()
        assert (masks[: len(batch), WORDS:] == 0).all()
        for recognizer, mask in zip(batch, masks, strict=False):
            assert np.array_equal(mask[:WORDS], bits(recognizer.allowed().tolist()))
        offers = [[*one.allowed().tolist()[:5], 0, 384, 8191] for one in batch]
        tokens = array([random.choice(offer) for offer in offers])
        alone = [one.fork() for one in batch]
        wanted = [one.accept(token) for one, token in zip(alone, tokens.tolist(), strict=True)]
        assert lg.accept_batch(batch, tokens).tolist() == wanted
        for recognizer, other in zip(batch, alone, strict=True):
            assert recognizer.ids.tolist() == other.ids.tolist()
            assert recognizer.error() == other.error()


@pytest.mark.parametrize("width", [lg.vocabulary.size, WIDE])
def test_logits_keep_what_is_allowed_and_nothing_else(width: int) -> None:
    random, numbers = Random(3), np.random.default_rng(3)
    for _ in range(ROUNDS):
        batch = some_recognizers(random, 4)
        logits = numbers.standard_normal((4, width), np.float32)
        logits[0, ::3] = np.nan
        kept = logits.copy()
        lg.apply_batch(batch, logits)
        for recognizer, row, before in zip(batch, logits, kept, strict=True):
            allowed = recognizer.allowed()
            assert np.array_equal(row[allowed], before[allowed], equal_nan=True)
            refused = np.delete(np.arange(width), allowed)
            assert (row[refused] == -np.inf).all()
            alone = before.copy()
            recognizer.apply_(alone)
            assert np.array_equal(row, alone, equal_nan=True)


FLOATS = ["bfloat16", "float16", "float32", "float64"]


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("of", ["numpy", "torch"])
def test_logits_of_every_float_type_are_taken(dtype: str, of: str) -> None:
    """What may follow keeps its bits, NaN too; what may not is minus infinity of that type."""
    torch = pytest.importorskip("torch")
    random = Random(5)
    batch = some_recognizers(random, 3)
    first = torch.randn((4, WIDE), generator=torch.Generator().manual_seed(5))
    first[:, ::7] = np.nan
    given = first.to(getattr(torch, dtype))
    bits = {2: torch.int16, 4: torch.int32, 8: torch.int64}[given.element_size()]

    def logits() -> tuple[Any, Any]:
        """A tensor, and it or the array of numpy in the same memory."""
        tensor = given.clone()
        if of == "torch":
            return tensor, tensor
        if dtype != "bfloat16":
            return tensor, tensor.numpy()
        return tensor, tensor.view(bits).numpy().view(pytest.importorskip("ml_dtypes").bfloat16)

    together, argument = logits()
    lg.apply_batch(batch, argument)
    for row, recognizer in enumerate(batch):
        alone, argument = logits()
        recognizer.apply_(argument[row])
        assert torch.equal(alone[row].view(bits), together[row].view(bits))
        allowed = torch.tensor(recognizer.allowed().astype(np.int64))
        assert torch.equal(together[row].view(bits)[allowed], given[row].view(bits)[allowed])
        refused = torch.ones(WIDE, dtype=torch.bool)
        refused[allowed] = False
        assert (together[row][refused] == -torch.inf).all()
    assert torch.equal(together[3].view(bits), given[3].view(bits))


def test_tensors_are_written_in_place() -> None:
    torch = pytest.importorskip("torch")
    recognizer = lg.Recognizer("molecule")
    assert recognizer.accept_many([192, 384, 528]) == 3
    wanted = bits(recognizer.allowed().tolist())
    mask = torch.full((2, WORDS), -1, dtype=torch.int32)
    recognizer.fill(mask, 1)
    assert np.array_equal(mask[1].numpy(), wanted)
    assert bool((mask[0] == -1).all())
    lg.fill_batch([recognizer], mask)
    assert np.array_equal(mask[0].numpy(), wanted)
    recognizer.fill_tree(np.array([-1], np.int32), array([384]), mask)
    logits = torch.zeros((1, WIDE))
    recognizer.apply_(logits[0])
    assert torch.isfinite(logits[0]).nonzero().flatten().tolist() == recognizer.allowed().tolist()
    other = torch.zeros((1, WIDE))
    lg.apply_batch([recognizer], other)
    assert torch.equal(logits, other)
