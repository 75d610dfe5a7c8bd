"""Two objects of a sort in one sentence: the second remembers nothing of the first."""

from __future__ import annotations

import pytest

import logos_grammar as lg
from declared.shapes import BEGINS, ENDS, grammar
from logos_grammar import _core

TWO = """
tried = "<TriedS>" ( structure | conformer | complex | pocket )* "<TriedE>" ;
"""
STRUCTURES = {
    "without a column": "6608 6672 6432 6610 6611 48 5096 5097 5098 6490 6609",
    "with occupancies": "6608 6672 6432 6616 6144 6610 6611 48 5096 5097 5098 6636 5095 6609",
    "with displacements": "6608 6672 6432 6620 6144 6610 6611 48 5096 5097 5098"
    " 6637 5095 5095 5095 5095 5095 5095 6609",
    "with one B factor": "6608 6672 6432 6617 6144 5100 6610 6611 48 5096 5097 5098 6609",
    "with three atoms and a link": "6608 6672 6432 6610 6611 48 5096 5097 5098 6490 6490 6688 2050"
    " 6609",
}
REFUSED = {
    "an occupancy": ("6608 6672 6432 6610 6611 48 5096 5097 5098 6636", "only_after(occupancy"),
    "a displacement": ("6608 6672 6432 6610 6611 48 5096 5097 5098 6637", "only_after(anisotropic"),
    "a link to one before": ("6608 6672 6432 6610 6611 48 5096 5097 5098 6688 2049", "so_far("),
}


def ids(text: str) -> list[int]:
    return [int(id) for id in text.split()]


@pytest.fixture(scope="module")
def machine() -> _core.Grammar:
    return _core.Grammar(grammar(TWO))


@pytest.mark.parametrize("second", STRUCTURES)
@pytest.mark.parametrize("first", STRUCTURES)
def test_any_two_structures_are_a_sentence(first: str, second: str, machine: _core.Grammar) -> None:
    sentence = [BEGINS, *ids(STRUCTURES[first]), *ids(STRUCTURES[second]), ENDS]
    assert machine.check(sentence) is None


@pytest.mark.parametrize("wrong", REFUSED)
@pytest.mark.parametrize("first", STRUCTURES)
def test_what_one_structure_may_not_say_it_may_not_behind_another(
    first: str, wrong: str, machine: _core.Grammar
) -> None:
    text, clause = REFUSED[wrong]
    prefix = [BEGINS, *ids(STRUCTURES[first])]
    refusal = machine.check([*prefix, *ids(text)])
    assert refusal is not None
    assert refusal.position == len(prefix) + len(ids(text)) - 1
    assert clause in str(refusal)


def test_units_of_a_second_complex_are_its_own(machine: _core.Grammar) -> None:
    first = ids("6992 32 48 49 50 33 6994 6996 2048 2049 6993")
    assert machine.check([BEGINS, *first, *first, ENDS]) is None
    second = [BEGINS, *first, *ids("6992 32 48 49 33 6994 6996 2048 2050")]
    refusal = machine.check(second)
    assert refusal is not None
    assert refusal.position == len(second) - 1


def test_the_order_of_a_second_conformer_is_an_order_of_its_own(machine: _core.Grammar) -> None:
    block = """
  made by hand

  3  2  0  0  0  0  0  0  0  0999 V2000
    0.0000    0.0000    1.0000 C   0  0  0  0  0  0  0  0  0  0  0  0
    1.2000    0.0000    0.0000 O   0  0  0  0  0  0  0  0  0  0  0  0
    0.0000    1.3000    0.0000 N   0  0  0  0  0  0  0  0  0  0  0  0
  2  1  1  0
  1  3  1  0
M  END
$$$$
"""
    (conformer,) = lg.conformer.Conformer.from_sdf(block)
    assert conformer.order is not None
    one = lg.encode(conformer).tolist()
    assert machine.check([BEGINS, *one, *one, *one, ENDS]) is None
