"""Indices that ascend and lie within a count: masks, budgets and errors, against brute force.

Brute force makes all sentences over some indices by the rules alone, and keeps those whose indices
ascend, and are as few as their count says. It knows nothing of prefixes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from pathlib import Path

import pytest

import logos_grammar as lg
from declared.shapes import BEGINS, ENDS, ONE, TOKENS, TWO, grammar
from declared.written import spec_of
from logos_grammar import _core, declared
from oracle import EXPECTED, Recogniser

LARGEST = 999_999_999
BASE = lg.vocabulary.id("#0")
TWO_GROUPS, THREE_GROUPS = (lg.vocabulary.id(name) for name in ("#x2", "#x3"))

Sentence = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How sites are written: at least so many, after a token or at once, alone or in pairs."""

    least: int = 0
    lead: bool = True
    pairs: bool = False
    count: bool = True
    of: str = "index"

    @property
    def first(self) -> int:
        """The first index."""
        return 0 if self.of == "index" else 1

    @property
    def text(self) -> str:
        """The grammar."""
        one = '"one" site' if self.lead else "site"
        one = f"( {one} site )" if self.pairs else f"( {one} )"
        count = "total " if self.count else ""
        clauses = "    where: ascending(site)\n"
        clauses += "    where: within(site, total)\n" if self.count else ""
        total = f"total = {self.of} ;\n" if self.count else ""
        parts = " ".join([one] * self.least)
        return grammar(
            f'tried = "<TriedS>" {count}{parts} {one}* "two"? "<TriedE>" ;\n{clauses}'
            f"site = {self.of} ;\n{total}"
        )


def tokens_of(index: int) -> Sentence:
    """The tokens of an index."""
    groups = [index // 1_000_000, index // 1000 % 1000, index % 1000]
    if index < 1000:
        return (BASE + index,)
    if index < 1_000_000:
        return (TWO_GROUPS, BASE + groups[1], BASE + groups[2])
    return (THREE_GROUPS, *(BASE + group for group in groups))


def words(
    shape: Shape, values: Sequence[int], counts: Sequence[int], most: int
) -> Iterator[Sentence]:
    """All sentences of a shape with at most so many indices, conditions tried at the end."""
    size = 2 if shape.pairs else 1
    for count, units in product(counts, range(shape.least, most // size + 1)):
        for chosen in product(values, repeat=units * size):
            ascends = all(a < b for a, b in pairwise(chosen))
            if not ascends or any(index >= shape.first + count for index in chosen):
                continue
            word: list[int] = [BEGINS, *tokens_of(count)]
            for at in range(0, len(chosen), size):
                word += [ONE] if shape.lead else []
                word += [token for index in chosen[at : at + size] for token in tokens_of(index)]
            yield (*word, ENDS)
            yield (*word, TWO, ENDS)


CASES = {
    "sites within a count": Shape(least=0, lead=False, pairs=False),
    "after a token": Shape(least=0, lead=True, pairs=False),
    "at least two": Shape(least=2, lead=True, pairs=False),
    "pairs": Shape(least=0, lead=True, pairs=True),
    "a pair at least": Shape(least=1, lead=False, pairs=True),
}


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def compile_(text: str) -> None:
        monkeypatch.setattr(declared, "grammar_of", {"tried": _core.Grammar(text)}.get)

    return compile_


def agrees(sentences: list[Sentence], *, alphabet: set[int]) -> None:
    """Whether masks, what is needed and budgets are what these sentences say, over an alphabet."""
    after: dict[Sentence, set[int]] = {}
    needed: dict[Sentence, int] = {}
    for sentence in sentences:
        for at in range(len(sentence) + 1):
            prefix = sentence[:at]
            after.setdefault(prefix, set()).update(sentence[at : at + 1])
            needed[prefix] = min(needed.get(prefix, 99), len(sentence) - at)
    free = lg.Recognizer("tried")
    for prefix, wanted in needed.items():
        free.reset()
        assert free.accept_many(prefix) == len(prefix), prefix
        allowed = set(free.allowed().tolist()) & alphabet
        assert allowed == after[prefix], (prefix, sorted(allowed ^ after[prefix]))
        for token in alphabet:
            assert free.fork().accept(token) == (token in allowed), (prefix, token)
        assert free.min_tokens_to_complete() == wanted == len(free.closing_tokens()), prefix
        kept = lg.Recognizer("tried", budget=len(prefix) + wanted)
        assert kept.accept_many(prefix) == len(prefix), prefix
        assert kept.is_done or len(kept.allowed()) > 0
    assert len(needed) > 20


@pytest.mark.parametrize("of", ["index", "positive"])
@pytest.mark.parametrize("case", CASES)
def test_brute_force_finds_the_same_masks_and_ends(
    case: str, of: str, tried: Callable[[str], None]
) -> None:
    shape = replace(CASES[case], of=of)
    tried(shape.text)
    values = range(shape.first, shape.first + 4)
    all_of_them = list(words(shape, values, range(shape.first, 4), 4))
    agrees(all_of_them, alphabet={BEGINS, ENDS, ONE, TWO, *(BASE + n for n in range(4))})


@pytest.mark.parametrize("near", [999, 1_999, 999_999, 1_999_999, LARGEST])
def test_longer_indices_are_bounded_token_by_token(near: int, tried: Callable[[str], None]) -> None:
    """Counts that end just beyond a group: every index around is tried, and every token of it."""
    tried(Shape().text)
    values = [near - 2, near - 1, near]
    for before in (0, near - 2, near - 1, near):
        if before >= near:
            continue
        one = lg.Recognizer("tried")
        head = (BEGINS, *tokens_of(near), ONE, *tokens_of(before), ONE)
        assert one.accept_many(head) == len(head) - (before >= near - 1), (near, before)
        if before >= near - 1:
            continue
        for index in [*values, before, max(0, before - 1), near + 1, 5, 1_000, 1_000_000]:
            ahead, word = one.fork(), tokens_of(min(index, LARGEST))
            accepted = ahead.accept_many(word) == len(word)
            assert accepted == (before < min(index, LARGEST) < near), (near, before, index)


def test_the_last_index_of_all_is_the_last(tried: Callable[[str], None]) -> None:
    tried(Shape(count=False).text)
    one = lg.Recognizer("tried")
    assert one.accept_many((BEGINS, ONE, *tokens_of(LARGEST - 1), ONE)) == 7
    assert one.min_tokens_to_complete() == 5
    assert one.accept_many(tokens_of(LARGEST)) == 4
    assert one.allowed().tolist() == [ENDS, TWO]
    assert not one.accept(ONE)
    assert one.error() == (2, 11, "ascending(site)")


def test_what_is_needed_grows_where_indices_do(tried: Callable[[str], None]) -> None:
    tried(Shape(least=3, lead=False, count=False).text)
    one = lg.Recognizer("tried")
    assert one.min_tokens_to_complete() == 5
    for before, needed in ((997, 3), (998, 5), (999, 7), (999_998, 8), (999_999, 9)):
        one.reset()
        assert one.accept_many((BEGINS, *tokens_of(before))) == 1 + len(tokens_of(before))
        assert one.min_tokens_to_complete() == needed == len(one.closing_tokens()), before
    # Within an index: what follows it is not below what it will at least be.
    for begun, needed in (((TWO_GROUPS,), 9), ((TWO_GROUPS, BASE + 999), 8), ((THREE_GROUPS,), 12)):
        one.reset()
        assert one.accept_many((BEGINS, *begun)) == 1 + len(begun)
        assert one.min_tokens_to_complete() == needed == len(one.closing_tokens()), begun


@pytest.mark.parametrize(
    ("ids", "wanted"),
    [
        ((BEGINS, BASE + 3, ONE, BASE + 1, ONE, BASE + 2, ENDS), None),
        ((BEGINS, BASE + 3, ONE, BASE + 1, ONE, BASE + 1, ENDS), (5, "ascending(site)")),
        ((BEGINS, BASE + 3, ONE, BASE + 3, ENDS), (3, "within(site, total)")),
        ((BEGINS, BASE + 3, ONE, TWO_GROUPS), (3, "within(site, total)")),
        ((BEGINS, BASE, ONE), (2, "within(site, total)")),
        ((BEGINS, BASE + 2, ONE, BASE + 1, ONE), (4, "within(site, total)")),
        ((BEGINS, ONE), (1, EXPECTED)),
    ],
)
def test_the_core_and_the_oracle_say_the_same(
    ids: Sentence, wanted: tuple[int, str] | None, tmp_path: Path, tried: Callable[[str], None]
) -> None:
    text = Shape().text
    oracle = Recogniser(spec_of({"tried": text}, tmp_path / "spec"), "tried")
    assert oracle.first_error(ids) == wanted
    error = _core.Grammar(text).check(list(ids))
    if wanted is None:
        assert error is None
    else:
        assert error is not None
        assert (error.position, error.condition or EXPECTED) == wanted


def test_every_prefix_has_the_mask_of_the_oracle(
    tmp_path: Path, tried: Callable[[str], None]
) -> None:
    text = Shape(least=1, of="positive").text
    tried(text)
    oracle = Recogniser(spec_of({"tried": text}, tmp_path / "spec"), "tried")
    prefixes: list[Sentence] = [(), (BEGINS,)]
    for count in (1, 2, 1_000):
        head = (BEGINS, *tokens_of(count), ONE)
        prefixes += [head[:at] for at in range(2, len(head) + 1)]
        prefixes += [(*head, BASE + 1), (*head, *tokens_of(999))[: 99 if count == 1_000 else 0]]
        prefixes += [(*head, BASE + 1, ONE)] if count > 1 else []
    prefixes.append((BEGINS, *tokens_of(1_000), ONE, *tokens_of(999), ONE))
    for prefix in filter(None, prefixes):
        one = lg.Recognizer("tried")
        assert one.accept_many(prefix) == len(prefix), prefix
        assert one.allowed().tolist() == sorted(oracle.next_ids(prefix)), prefix


REFUSED = {
    "no index": (
        'tried = "<TriedS>" site* "<TriedE>" ;\n    where: ascending(site)\nsite = "one" ;',
        "expected a rule that is an index",
    ),
    "two indices": (
        'tried = "<TriedS>" site* "<TriedE>" ;\n    where: ascending(site)\nsite = index index ;',
        "expected a rule that is an index",
    ),
    "no count": (
        'tried = "<TriedS>" total site* "<TriedE>" ;\n'
        "    where: within(site, total)\n"
        "site = index ;\n"
        'total = "one" ;',
        "another rule that is an index for the count",
    ),
    "its own count": (
        'tried = "<TriedS>" site* "<TriedE>" ;\n    where: within(site, site)\nsite = index ;',
        "another rule that is an index for the count",
    ),
    "twice": (
        'tried = "<TriedS>" site* "<TriedE>" ;\n'
        "    where: ascending(site)\n"
        "    where: ascending(site)\n"
        "site = index ;",
        "expected it once",
    ),
    "too late": (
        'tried = "<TriedS>" "one"? site total "<TriedE>" ;\n'
        "    where: within(site, total)\n"
        "site = index ;\n"
        "total = positive ;",
        "read once, before what it counts",
    ),
    "sometimes": (
        'tried = "<TriedS>" ( "one" total )? ( "two" site )* "<TriedE>" ;\n'
        "    where: within(site, total)\n"
        "site = index ;\n"
        "total = index ;",
        "read once, before what it counts",
    ),
    "two counts": (
        'tried = "<TriedS>" total ( "one" total )* ( "two" site )* "<TriedE>" ;\n'
        "    where: within(site, total)\n"
        "site = index ;\n"
        "total = index ;",
        "read once, before what it counts",
    ),
    "in itself": (
        'tried = "<TriedS>" unit "<TriedE>" ;\n'
        'unit = "one" ( site unit "two" )? ;\n'
        "    where: ascending(site)\n"
        "site = index ;",
        "stated in a rule that uses itself",
    ),
    "a shorter way with more": (
        'tried = "<TriedS>" ( site | "one" "two" ) "<TriedE>" ;\n'
        "    where: ascending(site)\n"
        "site = index ;",
        "on the shortest way",
    ),
    "beside a count of tokens": (
        'tried = "<TriedS>" "one"* "two"* site* "<TriedE>" ;\n'
        '    where: as_many("two", "one")\n'
        "    where: ascending(site)\n"
        "site = index ;",
        "with a condition on indices",
    ),
    "arguments": (
        'tried = "<TriedS>" site* "<TriedE>" ;\n    where: ascending(site, site)\nsite = index ;',
        "expected 1 arguments",
    ),
    "many": (
        f'tried = "<TriedS>" {"site " * 60} "<TriedE>" ;\n'
        "    where: ascending(site)\n"
        "site = index ;",
        "demand at most 49",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_could_not_be_kept_is_refused(case: str) -> None:
    rules, reason = REFUSED[case]
    with pytest.raises(ValueError, match=reason):
        _core.Grammar(f"{TOKENS}{rules}\n")


def test_each_instance_of_the_rule_counts_anew(tried: Callable[[str], None]) -> None:
    tried(
        grammar(
            'tried = "<TriedS>" list* "<TriedE>" ;\n'
            'list = site ( "one" site )* "two" ;\n    where: ascending(site)\nsite = index ;'
        )
    )
    one = lg.Recognizer("tried")
    lists = [BEGINS, BASE + 7, ONE, BASE + 9, TWO, BASE, ONE, BASE + 1, TWO, ENDS]
    assert one.accept_many(lists) == len(lists)
    one.reset()
    assert one.accept_many([BEGINS, BASE + 7, ONE, BASE + 7]) == 3


@pytest.mark.parametrize(
    ("clauses", "count", "named"),
    [
        (("ascending(site)", "within(site, total)"), 0, "within(site, total)"),
        (("within(site, total)", "ascending(site)"), 0, "within(site, total)"),
        (("ascending(site)", "within(site, total)"), 1, "within(site, total)"),
        (("within(site, total)", "ascending(site)"), 1, "ascending(site)"),
    ],
)
def test_a_count_that_is_too_small_names_the_first_clause_that_leaves_nothing(
    clauses: tuple[str, str],
    count: int,
    named: str,
    tried: Callable[[str], None],
    tmp_path: Path,
) -> None:
    """Two sites must come: 0 leaves none within it, 1 none that ascend."""
    said = "".join(f"    where: {clause}\n" for clause in clauses)
    text = grammar(
        f'tried = "<TriedS>" total site site "<TriedE>" ;\n{said}site = index ;\ntotal = index ;\n'
    )
    tried(text)
    one = lg.Recognizer("tried")
    assert one.accept(BEGINS)
    assert not one.accept(BASE + count)
    assert one.error() == (2, 1, named)
    oracle = Recogniser(spec_of({"tried": text}, tmp_path / "spec"), "tried")
    assert oracle.first_error((BEGINS, BASE + count)) == (1, named)
