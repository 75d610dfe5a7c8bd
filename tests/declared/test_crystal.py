"""A type with hundreds of numbers: the cell of a crystal written out by class of its group."""

from __future__ import annotations

from random import Random

import pytest

import logos_grammar as lg
from declared.exact import states_that_are_exact
from logos_grammar import _core, declared

CLASSES = {
    "triclinic": (1, 2, "length length length angle angle angle"),
    "monoclinic": (3, 15, "length length length angle"),
    "orthorhombic": (16, 74, "length length length"),
    "tetragonal": (75, 142, "length length"),
    "trigonal": (143, 167, "length length"),
    "hexagonal": (168, 194, "length length"),
    "cubic": (195, 230, "length"),
}
"""By class the first and the last of its groups, and the numbers of its cell."""

SHAPES = {name: f"<{name.capitalize()}>" for name in (*CLASSES, "rhombohedral")}
TOKENS = """
tokens: tried at 7168
    <TriedS>  it begins
    <TriedE>  it ends
    <Site>    a site
    <Occ>     its occupancy
    <Uiso>    its displacement, of a sphere
    <Uani>    its displacement, of an ellipsoid
    su+       a deviation of more than 99
tokens: shape at 7184
    {shapes}
tokens: space_group at 7200
    sg{{1..230}}  the group {{n}}
tokens: deviation at 7456
    su{{0..99}}  a deviation of {{n}}
""".format(shapes="\n    ".join(f"{name}  a shape" for name in SHAPES.values()))
SHAPE = (
    " | ".join(
        f'"{SHAPES[name]}" {numbers}'
        for name, numbers in [*((name, each[2]) for name, each in CLASSES.items())]
    )
    + f' | "{SHAPES["rhombohedral"]}" length angle'
)
KINDS = ("length", "angle", "coordinate", "displacement")
MEASURED = "".join(
    f"""
{kind} = {kind}_number uncertainty? ;
{kind}_number = whole fraction* ;
    where: places({kind}_number, {kind}_decimals)
{kind}_decimals = decimals ;
"""
    for kind in KINDS
)
GRAMMAR = (
    TOKENS
    + 'tried = "<TriedS>" '
    + " ".join(f"{kind}_decimals" for kind in KINDS)
    + f""" ( {" | ".join(CLASSES)} ) site* "<TriedE>" ;
site = "<Site>" coordinate coordinate coordinate ( "<Occ>" coordinate )? moves? ;
moves = "<Uiso>" displacement | "<Uani>" {"displacement " * 6} ;
uncertainty = deviation | "su+" positive ;
"""
    + "".join(
        f'{name} = "sg{low}".."sg{high}" ( {numbers} | {SHAPE} )? ;\n'
        for name, (low, high, numbers) in CLASSES.items()
    )
    + MEASURED
)


@pytest.fixture(autouse=True)
def crystal(monkeypatch: pytest.MonkeyPatch) -> _core.Grammar:
    machine = _core.Grammar(GRAMMAR)
    monkeypatch.setattr(declared, "grammar_of", {"tried": machine}.get)
    return machine


def test_masks_and_what_is_needed_are_exact() -> None:
    own = [7168, 7169, 7170, 7171, 7174, 7184, 7190, 7191, 7200, 7429, 7457]
    names = ("places0", "places4", "0.", "+x2", "#1", ".000", ".100")
    few = [*own, *map(lg.vocabulary.id, names)]
    assert 50 < states_that_are_exact(few, 8) < 20_000


def test_walks_end_within_a_budget_and_are_sentences(crystal: _core.Grammar) -> None:
    for seed in range(200):
        random = Random(seed)
        one = lg.Recognizer("tried", budget=random.randint(8, 120))
        while not one.is_done:
            assert one.accept(random.choice(one.allowed().tolist())), one.ids
        assert crystal.check(one.ids) is None
