"""Whatever is done to a recognizer, it stands where a new one would that was given its tokens.

A million steps: `pytest tests/recognizer/test_machine.py --hypothesis-profile slow`.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

import logos_grammar as lg
from recognizer.model import WORDS, Model, array, bits, chosen
from recognizer.states import FAST, PROFILES, Kind, begin

STEPS, EXAMPLES, PARTS = 50, 600, 40
"""Hypothesis ends an example whose draws grow long, so it has some 45 steps: a million in all."""
fractions = st.floats(0, 1, exclude_max=True)
any_ids = st.sampled_from([*lg.vocabulary, lg.vocabulary.size - 1, 8192, 65535])


Place = tuple[lg.Recognizer, Model]


class Machine(RuleBasedStateMachine):
    """Recognizers of one object type, forked and driven apart, each beside its model."""

    places = Bundle("places")

    @initialize(
        target=places,
        kind=st.sampled_from(PROFILES),
        budget=st.none() | st.integers(12, 80),
    )
    def begin(self, kind: Kind, budget: int | None) -> Place:
        return begin(kind, budget=budget), Model(kind, budget)

    @rule(place=places, draws=st.lists(st.tuples(fractions, fractions), min_size=1, max_size=12))
    def accept(self, place: Place, draws: list[tuple[float, float]]) -> None:
        recognizer, model = place
        for draw in draws:
            allowed = recognizer.allowed().tolist()
            assert allowed == model.allowed()
            if not allowed:
                assert recognizer.is_done
                break
            token = chosen(allowed, *draw)
            assert recognizer.accept(token)
            model.ids += (token,)
            assert recognizer.error() is None
        self.compare(place)

    @rule(place=places, token=any_ids)
    def accept_anything(self, place: Place, token: int) -> None:
        recognizer, model = place
        if token in model.allowed():
            assert recognizer.accept(token)
            model.ids += (token,)
        else:
            assert not recognizer.accept(token)
            error = recognizer.error()
            assert error is not None
            assert error[0] in (1, 2, 3, 4)
            assert error[1] == len(model.ids)
        self.compare(place)

    @rule(place=places, draws=st.lists(st.tuples(fractions, fractions), max_size=8), wrong=any_ids)
    def accept_many(self, place: Place, draws: list[tuple[float, float]], wrong: int) -> None:
        recognizer, model = place
        ahead = Model(model.kind, model.budget, model.ids)
        for draw in draws:
            if allowed := ahead.allowed():
                ahead.ids += (chosen(allowed, *draw),)
        taken = len(ahead.ids) - len(model.ids)
        if wrong in ahead.allowed():
            taken, ahead.ids = taken + 1, (*ahead.ids, wrong)
            tried = ahead.ids
        else:
            tried = (*ahead.ids, wrong, *ahead.ids)
        assert recognizer.accept_many(array(tried[len(model.ids) :])) == taken
        model.ids = ahead.ids
        self.compare(place)

    @rule(place=places, part=fractions)
    def rollback(self, place: Place, part: float) -> None:
        recognizer, model = place
        n = int(part * (len(model.ids) + 1))
        recognizer.rollback(n)
        model.ids = model.ids[: len(model.ids) - n]
        self.compare(place)

    @rule(place=places, more=st.integers(1, 1 << 40))
    def rollback_too_far(self, place: Place, more: int) -> None:
        recognizer, model = place
        with pytest.raises(ValueError, match=f"at most {len(model.ids)} tokens"):
            recognizer.rollback(len(model.ids) + more)
        self.compare(place)

    @rule(place=places)
    def reset(self, place: Place) -> None:
        recognizer, model = place
        recognizer.reset()
        model.ids = ()
        self.compare(place)

    @rule(target=places, place=places, how=st.sampled_from(["fork", "copy", "deepcopy", "pickle"]))
    def part(self, place: Place, how: str) -> Place:
        recognizer, model = place
        ways: dict[str, Callable[[lg.Recognizer], lg.Recognizer]] = {
            "fork": lg.Recognizer.fork,
            "copy": copy.copy,
            "deepcopy": copy.deepcopy,
            "pickle": lambda one: pickle.loads(pickle.dumps(one)),
        }
        other = ways[how](recognizer), Model(model.kind, model.budget, model.ids)
        self.compare(place)
        self.compare(other)
        return other

    @rule(place=places)
    def close(self, place: Place) -> None:
        recognizer, model = place
        closing = recognizer.closing_tokens()
        self.compare(place)
        assert len(closing) <= recognizer.min_tokens_to_complete()
        assert recognizer.accept_many(closing) == len(closing)
        model.ids += tuple(closing.tolist())
        assert recognizer.is_done
        self.compare(place)

    @rule(place=places)
    def go_where_there_is_no_choice(self, place: Place) -> None:
        recognizer, model = place
        for token in recognizer.forced().tolist():
            assert model.allowed() == [token]
            assert recognizer.accept(token)
            model.ids += (token,)
        assert len(model.allowed()) != 1
        self.compare(place)

    @rule(place=places, draws=st.lists(st.tuples(fractions, fractions), max_size=8))
    def look_ahead(self, place: Place, draws: list[tuple[float, float]]) -> None:
        recognizer, model = place
        ahead = Model(model.kind, model.budget, model.ids)
        wanted = [bits(ahead.allowed())]
        for draw in draws:
            if allowed := ahead.allowed():
                ahead.ids += (chosen(allowed, *draw),)
                wanted.append(bits(ahead.allowed()))
        follows = array(ahead.ids[len(model.ids) :])
        masks = recognizer.masks_for(follows)
        assert np.array_equal(masks, wanted)
        numbers, table = recognizer.state_ids(follows)
        assert np.array_equal(table[numbers], masks)
        assert len(np.unique(table, axis=0)) == len(table)
        assert list(dict.fromkeys(numbers.tolist())) == list(range(len(table)))
        self.compare(place)

    @rule(
        place=places,
        nodes=st.lists(
            st.tuples(st.integers(0, 1 << 16), fractions, fractions, st.none() | any_ids),
            max_size=10,
        ),
    )
    def draft(
        self,
        place: Place,
        nodes: list[tuple[int, float, float, int | None]],
    ) -> None:
        recognizer, model = place
        parents, tokens, wanted = [], [], []
        ahead: list[Model | None] = []
        for which, block, spot, wrong in nodes:
            parent = which % (len(ahead) + 1) - 1
            before = model if parent < 0 else ahead[parent]
            allowed = before.allowed() if before is not None else []
            token = wrong if wrong is not None or not allowed else chosen(allowed, block, spot)
            token = 0 if token is None else token
            parents.append(parent)
            tokens.append(token)
            if before is not None and token in allowed:
                node = Model(model.kind, model.budget, (*before.ids, token))
                ahead.append(node)
                wanted.append(bits(node.allowed()))
            else:
                ahead.append(None)
                wanted.append(bits([]))
        masks = np.full((len(nodes) + 1, WORDS), -1, np.int32)
        recognizer.fill_tree(np.array(parents, np.int32), array(tokens), masks)
        assert (masks[-1] == -1).all()
        if nodes:
            assert np.array_equal(masks[:-1], wanted)
        self.compare(place)

    def compare(self, place: Place) -> None:
        """The recognizer is as a new one after the same tokens, and as the reader says."""
        recognizer, model = place
        new, allowed = model.new(), model.allowed()
        assert recognizer.ids.tolist() == list(model.ids)
        assert recognizer.position == len(model.ids)
        assert (recognizer.kind, recognizer.profile) == model.kind
        assert recognizer.budget == model.budget
        assert recognizer.min_tokens_to_complete() == new.min_tokens_to_complete()
        assert recognizer.allowed().tolist() == allowed
        mask = np.full((1, WORDS), -1, np.int32)
        recognizer.fill(mask, 0)
        assert np.array_equal(mask[0], bits(allowed))
        done = bool(model.ids) and lg.check(array(model.ids)) is None
        assert recognizer.is_done == recognizer.is_accepting == done
        assert done or allowed


@pytest.mark.parametrize("part", range(1 if FAST else PARTS))
def test_a_recognizer_stands_where_its_tokens_lead(part: int) -> None:
    """In parts, because Hypothesis remembers all that it tried in one."""
    examples = 30 if FAST else EXAMPLES
    run_state_machine_as_test(
        Machine, settings=settings(max_examples=examples, stateful_step_count=STEPS)
    )
