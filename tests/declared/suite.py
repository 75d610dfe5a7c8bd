"""What holds of declared object types: run by `test_suite.py`, in a process of its own."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import count
from random import Random

import numpy as np
import pytest

import logos_grammar as lg
from declared.object_types import ALL
from declared.written import spec_of
from logos_grammar.testing.laws import laws
from oracle import EXPECTED, Recogniser, Spec, State, lowest_ids, prefixes

TestAssay = laws("assay")
TestFold = laws("fold")
TestGlycan = laws("glycan")
TestPeptide = laws("peptide")
TestSpectrum = laws("spectrum")

KINDS = tuple(declared.kind for declared in ALL)
PREFIXES = 250
LONGEST = 40
WALKS = 120
SPARE = (0, 1, 2, 8, 32)
EFFORT = 50_000


class Scope:
    """A small scope of one type: every prefix over its lowest ids, up to a length."""

    def __init__(self, spec: Spec, kind: str) -> None:
        self.kind = kind
        self.oracle = Recogniser(spec, kind)
        self.alphabet = lowest_ids(spec, kind, 2)
        self.prefixes: list[tuple[tuple[int, ...], State]] = []
        for longest in range(1, LONGEST):
            found = list(prefixes(self.oracle, longest, self.alphabet))
            if len(found) > PREFIXES and self.prefixes:
                break
            self.prefixes = found

    def begun(self) -> Iterator[tuple[lg.Recognizer, State]]:
        """Each prefix as the core and the oracle have read it."""
        for prefix, state in self.prefixes:
            one = lg.Recognizer(self.kind)
            assert one.accept_many(prefix) == len(prefix)
            yield one, state


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Spec:
    grammars = {declared.kind: declared.text for declared in ALL}
    return spec_of(grammars, tmp_path_factory.mktemp("oracle") / "spec")


@pytest.fixture(scope="module", params=KINDS)
def scope(spec: Spec, request: pytest.FixtureRequest) -> Scope:
    return Scope(spec, request.param)


def test_there_is_much_in_a_small_scope(scope: Scope) -> None:
    assert len(scope.prefixes) > PREFIXES / 10


def test_the_mask_is_what_the_oracle_accepts(scope: Scope) -> None:
    for one, state in scope.begun():
        assert one.allowed().tolist() == sorted(scope.oracle.allowed(state)), one.ids


def test_no_state_is_stuck(scope: Scope) -> None:
    for one, state in scope.begun():
        assert one.is_done == scope.oracle.is_complete(state)
        assert one.is_done or len(one.allowed()) > 0


def test_errors_stand_where_and_why_the_oracle_says(scope: Scope) -> None:
    for prefix, state in scope.prefixes:
        # What does not begin as this type may begin as another.
        for token in scope.alphabet if prefix else ():
            ids = np.array((*prefix, token), np.uint16)
            expected = scope.oracle.first_error((token,), after=state)
            found = lg.check(ids)
            if expected is None:
                assert found is None, ids
                assert lg.encode(lg.decode(ids)).tolist() == ids.tolist()
            else:
                assert found is not None, ids
                position = len(prefix) + expected[0]
                assert (found.position, found.condition or EXPECTED) == (position, expected[1]), ids


def test_phi_is_the_length_of_the_shortest_completion_of_the_oracle(scope: Scope) -> None:
    for one, state in scope.begun():
        assert one.min_tokens_to_complete() == shortest(scope.oracle, state), one.ids


def test_every_walk_ends_within_its_budget_and_decodes(scope: Scope) -> None:
    least = lg.Recognizer(scope.kind).min_tokens_to_complete()
    for seed in range(WALKS):
        random = Random(seed)
        budget = least + SPARE[seed % len(SPARE)]
        one = lg.Recognizer(scope.kind, budget=budget)
        while not one.is_done:
            allowed = one.allowed().tolist()
            # Of a thousand numbers some, as often as what is not a number.
            few = [random.choice(allowed), allowed[0], allowed[-1]]
            assert one.accept(random.choice(few))
        assert len(one.ids) <= budget
        assert lg.encode(lg.decode(one.ids)).tolist() == one.ids.tolist()


def test_the_examples_are_those_of_the_oracle(spec: Spec) -> None:
    own = [example for example in spec.examples if example.rule in KINDS]
    assert own
    for example in own:
        found = lg.check(np.array(example.ids, np.uint16))
        if example.position is None:
            assert found is None
        else:
            assert found is not None
            assert (found.position, found.condition or EXPECTED) == (
                example.position,
                example.reason,
            )


def shortest(oracle: Recogniser, state: State) -> int:
    """How many tokens the shortest completion has: what needs the fewest is looked at first."""
    order = count(0, -1)  # of two that are equal the later, which is nearer to the end
    waiting = [(oracle.fewest(state), next(order), 0, state)]
    for _ in range(EFFORT):
        _, _, length, now = heapq.heappop(waiting)
        if oracle.is_complete(now):
            return length
        for _, following in oracle.following(now):
            least = length + 1 + oracle.fewest(following)
            heapq.heappush(waiting, (least, next(order), length + 1, following))
    raise AssertionError("no end of the sentence was found")
