"""Rules that are unrolled once and called: a call means what the rule means where it is used."""

from __future__ import annotations

import pytest

import logos_grammar as lg
from declared.exact import NUMBERS, OTHERS, PLAIN, states_that_are_exact
from declared.shapes import LABELS, TOKENS, grammar
from logos_grammar import _core, declared

LABELLED = """
    where: lowest_free({0}, {1}, {2})
    where: opened({1}, {0})
    where: closes_within({0}, {1}, {3})
"""
GROUP = 'group = "four" ( "one" | "two" "one" )* "four" ;'
FOLLOWED = f"""
tried = "<TriedS>" ( "one" group "two" | "two" group group "three" | group )* "<TriedE>" ;
{GROUP}
"""
NESTED = f"""
tried = "<TriedS>" ( pair "one" | "two" pair )* group? "<TriedE>" ;
pair  = "three" group? ( "one" group | "three" ) ;
{GROUP}
"""
LAST_OF_ANOTHER = f"""
tried = "<TriedS>" ( "one" other "two" other | "three" group )* "<TriedE>" ;
other = "one" "two"? group | "three" "one" "two" | group ;
{GROUP}
"""
IN_A_LOOP = f"""
tried = "<TriedS>" chain? "three" chain "<TriedE>" ;
chain = "one" group? "two" chain | "two" group ;
{GROUP}
"""
WITHIN_ITSELF = """
tried = "<TriedS>" ( node "one" | "two" node | leaf )* "<TriedE>" ;
node  = "three" ( node | leaf )* "o1" ;
leaf  = "four" "one"? ( "two" node )? "four" ;
"""
WITHIN_ITSELF_AND_GOING_ON = f"""
tried = "<TriedS>" branch ( "two" branch )* "<TriedE>" ;
branch = "one" ( "two" group "three" branch "three" )* group ;
{GROUP}
"""
LABELS_INSIDE = f"""
tried = "<TriedS>" ( "one" inner | inner "two" )* "<TriedE>" ;
inner = "three" unit* "four" ;
{LABELLED.format("begun", "ended", "unit", "inner")}
unit  = "two" ( begun | ended )? ;
"""
LABELS_INSIDE_AND_AROUND = f"""
tried = "<TriedS>" outer* "<TriedE>" ;
{LABELLED.format("begun", "ended", "outer", "tried")}
outer = ( "one" inner | "two" inner inner ) ( begun | ended )? ;
inner = "three" unit* "four" ;
{LABELLED.format("left", "right", "unit", "inner")}
unit  = "two" ( left | right )? ;
"""
COUNTS_INSIDE = """
tried = "<TriedS>" ( "three" inner | inner "three" )* "<TriedE>" ;
inner = "four" "one"* "two"* "four" ;
    where: as_many("two", "one")
"""
COUNTED_FIRST = """
tried = "<TriedS>" ( "three" inner | inner "three" )* "<TriedE>" ;
inner = ( "one" "o1"? )* ( "two" "c1"? )* "four" ;
    where: as_many("two", "one")
"""
COUNTS_AROUND = f"""
tried = "<TriedS>" ( "three" group )* ( "o1" group )* "<TriedE>" ;
    where: as_many("o1", "three")
{GROUP}
"""
NUMBERS_AFTER = f"""
tried = "<TriedS>" decimals number group number ( "one" group number )? "<TriedE>" ;
{GROUP}
"""
NUMBERS_INSIDE = """
tried = "<TriedS>" decimals site site ( "three" site )* number "<TriedE>" ;
site  = "one" number ( "two" number )? "one" ;
"""
DECIMALS_INSIDE = """
tried = "<TriedS>" decimals number block number ( "three" block number )* "<TriedE>" ;
block = "one" decimals number "one" ;
"""
NUMBERS_AFTER_RECURSION = """
tried = "<TriedS>" decimals inner "<TriedE>" ;
inner = "one" ( inner "two" )? number ;
"""
NUMBERS_AFTER_CALLS_OF_ITSELF = """
tried = "<TriedS>" decimals node number "<TriedE>" ;
node  = "one" ( "two" node number )* "three" ;
"""
LABELS_AND_NUMBERS = f"""
tried = "<TriedS>" decimals unit* "<TriedE>" ;
{LABELLED.format("begun", "ended", "unit", "tried")}
unit  = "one" ( place | "two" place "two" ) ( begun | ended )? ;
place = "three" number number "three" ;
"""
INDICES_AND_NUMBERS = """
tried = "<TriedS>" decimals total row* "<TriedE>" ;
    where: ascending(site)
    where: within(site, total)
row   = place site | "one" place site site ;
place = "two" number "two" ;
site  = index ;
total = index ;
"""
INDICES_INSIDE = """
tried = "<TriedS>" ( "one" list | list "one" )* "<TriedE>" ;
list  = "two" total ( "three" site )* "two" ;
    where: ascending(site)
    where: within(site, total)
site  = index ;
total = index ;
"""
INDICES_AND_A_MOLECULE = """
tried = "<TriedS>" total ( "three" site )* molecule "<TriedE>" ;
    where: ascending(site)
    where: within(site, total)
site  = index ;
total = index ;
"""
MOLECULES = """
tried = "<TriedS>" ( "one" molecule "one" | "two" molecule molecule )? molecule "<TriedE>" ;
"""
MOLECULES_AFTER_RECURSION = """
tried = "<TriedS>" ( node "three" | "two" molecule node "two" )* "<TriedE>" ;
node  = "one" ( node "two" )? molecule? ;
"""
ATOMS = [192, 193, 195, 196, 384, 528, 784]
GROUPS = list(
    map(lg.vocabulary.id, ("0.", "+x2", "#0", "#1", ".000", ".100", "places0", "places4"))
)
INDICES = list(map(lg.vocabulary.id, ("#0", "#1", "#2", "#999", "#x2")))


@pytest.mark.parametrize(
    ("rules", "few", "longest"),
    [
        pytest.param(FOLLOWED, PLAIN, 11, id="followed by different tokens"),
        pytest.param(NESTED, PLAIN, 11, id="within each other"),
        pytest.param(LAST_OF_ANOTHER, PLAIN, 10, id="the last of another"),
        pytest.param(IN_A_LOOP, PLAIN, 12, id="in a loop"),
        pytest.param(WITHIN_ITSELF, PLAIN, 11, id="in rules within themselves"),
        pytest.param(
            WITHIN_ITSELF_AND_GOING_ON, PLAIN, 12, id="before a rule within itself goes on"
        ),
        pytest.param(LABELS_INSIDE, PLAIN, 12, id="labels inside"),
        pytest.param(LABELS_INSIDE_AND_AROUND, PLAIN, 13, id="labels inside and around"),
        pytest.param(COUNTS_INSIDE, PLAIN, 13, id="counts inside"),
        pytest.param(COUNTED_FIRST, PLAIN, 9, id="counts inside, counted first"),
        pytest.param(COUNTS_AROUND, PLAIN, 11, id="counts around"),
        pytest.param(NUMBERS_AFTER, [*PLAIN, *GROUPS], 10, id="numbers after"),
        pytest.param(NUMBERS_INSIDE, [*PLAIN, *NUMBERS], 12, id="numbers inside"),
        pytest.param(DECIMALS_INSIDE, [*PLAIN, *NUMBERS], 10, id="decimals inside"),
        pytest.param(NUMBERS_AFTER_RECURSION, [*PLAIN, *NUMBERS], 10, id="numbers after recursion"),
        pytest.param(
            NUMBERS_AFTER_CALLS_OF_ITSELF, [*PLAIN, *NUMBERS], 11, id="numbers after calls"
        ),
        pytest.param(LABELS_AND_NUMBERS, [*PLAIN, *NUMBERS], 10, id="labels and numbers"),
        pytest.param(INDICES_AND_NUMBERS, [*PLAIN, *NUMBERS[:4], *INDICES], 9, id="indices around"),
        pytest.param(INDICES_INSIDE, [*PLAIN, *INDICES], 8, id="indices inside"),
        pytest.param(
            INDICES_AND_A_MOLECULE, [*PLAIN[:6], *INDICES, *ATOMS], 8, id="indices and a molecule"
        ),
        pytest.param(MOLECULES, [*PLAIN, *ATOMS], 9, id="molecules"),
        pytest.param(
            MOLECULES_AFTER_RECURSION,
            [*PLAIN, 192, 193, 195, 196, 384],
            10,
            id="molecules after calls",
        ),
    ],
)
def test_masks_and_what_is_needed_are_exact(
    rules: str, few: list[int], longest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = _core.Grammar(grammar(rules, tokens=TOKENS + LABELS + OTHERS))
    monkeypatch.setattr(declared, "grammar_of", {"tried": machine}.get)
    seen = states_that_are_exact(few, longest)
    assert 50 < seen < 20_000


@pytest.mark.parametrize(
    "inner",
    [
        '"two" "three" "four"',
        'pair "two" "one" ;\npair = "two" "three"',
        '"two" "three" ( "one" "four"* "two" )? "o1"',
        '"two" ( "one" | "two" "four" )* "three"',
        '( "two" | "three" "o1" ) "four"',
    ],
)
@pytest.mark.parametrize("uses", ['( "o1" inner )* ( "c1" inner )*', "inner inner", "node"])
def test_a_call_that_nothing_can_begin_is_refused(inner: str, uses: str) -> None:
    """Nothing is counted yet where a rule begins that must first read what pays."""
    rule, *more = inner.split(" ;\n")
    text = f"""
tried = "<TriedS>" {uses} "<TriedE>" ;
inner = {rule} ;
    where: as_many("two", "one")
{"".join(f"{one} ;" for one in more)}
node  = "o2" ( node inner )? "c2" inner ;
"""
    if uses != "node":
        text = text[: text.index("node ")]
    with pytest.raises(ValueError, match="as_many"):
        _core.Grammar(grammar(text, tokens=TOKENS + LABELS + OTHERS))
