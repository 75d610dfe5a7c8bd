"""What general engines make of our rules: where they differ from us, a side condition is why.

The rules of an object type, exported without what stands after `where:`, are given to xgrammar and
to llguidance; the oracle reads them with its conditions taken out. All three are to say the same:
they accept every sentence, refuse where we do what a rule forbids, and go on only where we name a
side condition. So the differences are those of the `where:` lines and no others:

* Ring labels. Where an atom may open or close a ring, an engine offers all 255 labels to open, of
  which we offer the lowest free one, and all 255 to close, of which we offer those that are open,
  in turn, and no neighbour's. It offers ring bonds where nothing can close, and it ends branches,
  components and molecules whose rings are open. Most of what it offers in a molecule is this.
* Bonds: `-` where an end is not aromatic, `:` where both ends are.
* Names: a residue that has a letter may be named, `<NameS> 'A 'L 'A <NameE>`.
* Fills: there may be fewer or more of them than holes.

What an engine offers beyond us leads to prefixes that no sentence has.

llguidance is one wheel that needs nothing else, so it comes with the extra `test`. xgrammar needs
torch, transformers and triton; where it is installed it is compared, too.
"""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from numpy.typing import NDArray

import logos_grammar as lg
from differential.engines import ENGINES, EOS, Begin, Engine, first_refused, installed
from differential.sentences import near_misses_of, real_sentences
from logos_grammar.testing.strategies import near_misses, sentences
from oracle import Where, read_spec
from oracle.notation import rules_within

spec = read_spec()

each_kind = pytest.mark.parametrize("kind", spec.objects)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn, where it is installed."""
    name: str = request.param
    if not installed(name):
        pytest.skip(f"{name} is not installed")
    return ENGINES[name]


@each_kind
def test_an_engine_accepts_every_sentence(engine: Engine, kind: str) -> None:
    begin = engine(kind)
    for ids in real_sentences(kind):
        assert first_refused(begin, ids) is None

    @given(sentences(kind))
    def law(ids: NDArray[np.uint16]) -> None:
        assert first_refused(begin, ids.tolist()) is None

    law()


@each_kind
def test_an_engine_refuses_where_we_do_unless_a_condition_is_broken(
    engine: Engine, kind: str
) -> None:
    begin = engine(None)
    random = Random(kind)
    for ids in random.sample(real_sentences(kind), 20):
        for miss in near_misses_of(ids, random):
            agree(begin, miss)

    @given(near_misses(kind))
    def law(ids: NDArray[np.uint16]) -> None:
        agree(begin, ids.tolist())

    law()


def agree(begin: Begin, ids: list[int] | tuple[int, ...]) -> None:
    """An engine refuses what we refuse, at the same place; or later, or never, and we say why."""
    refused = first_refused(begin, ids)
    fault = lg.check(ids)
    if fault is None:
        assert refused is None
    elif fault.condition is None:
        assert refused == fault.position
    else:
        assert refused is None or refused > fault.position


@each_kind
def test_what_an_engine_offers_beyond_us_breaks_a_condition(engine: Engine, kind: str) -> None:
    for ids in Random(kind).sample(real_sentences(kind), 3):
        masks_agree(engine(kind), ENGINES["oracle"](kind), ids[:60])


def test_an_engine_of_all_types_offers_what_begins_any(engine: Engine) -> None:
    assert engine(None)().allowed() == set(lg.next_ids([]).tolist())


SOME = 64
"""How many of the tokens that only the rules allow are tried after a prefix."""


def test_an_engine_of_all_types_knows_the_examples(engine: Engine) -> None:
    begin, reference = engine(None), ENGINES["oracle"](None)
    broken = set()
    for example in spec.examples:
        if example.rule in spec.objects:
            agree(begin, example.ids)
            whole = len(example.ids) if example.position is None else example.position
            masks_agree(begin, reference, example.ids[:whole])
            if example.position is not None and first_refused(begin, example.ids) != whole:
                broken.add(example.reason)
    wheres = {where.text for name in spec.objects for where in conditions_of(name)}
    assert broken == wheres


def conditions_of(kind: str) -> list[Where]:
    """Every condition of the rules that an object type uses."""
    return [where for rule in rules_within(spec, kind) for where in spec.rules[rule].wheres]


def masks_agree(begin: Begin, reference: Begin, ids: list[int] | tuple[int, ...]) -> None:
    """After every prefix an engine offers what the rules allow; we offer less, and say why."""
    reading, rules = begin(), reference()
    for cut, id in enumerate(ids, start=1):
        assert reading.accept(id)
        assert rules.accept(id)
        prefix = ids[:cut]
        offered = reading.allowed()
        assert offered == rules.allowed()
        ours = set(lg.next_ids(prefix).tolist())
        assert ours <= offered
        beyond_ours = sorted(offered - ours - {EOS})
        # Of a thousand numbers that a condition forbids some are enough.
        for beyond in beyond_ours[:: 1 + len(beyond_ours) // SOME]:
            fault = lg.check((*prefix, beyond))
            assert fault is not None
            assert fault.condition is not None
            assert fault.position == cut
        if EOS in offered:
            fault = lg.check(prefix)
            assert fault is None or (fault.condition is not None and fault.position == cut)
