"""Grammars at random, and every sentence of them by brute force, conditions tried at the end.

Rules are nested tuples: ("token", id), ("rule", name), ("row" or "either", parts…), ("maybe" or
"many", part), ("open" or "close", bank). Items of a bank may open and close two labels; `tried` may
count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from declared.shapes import BEGINS, ENDS, FOUR, ONE, THREE, TOKENS, TWO

Node = tuple[Any, ...]
Rules = dict[str, Node]
Word = tuple[int | str, ...]
"""Tokens, and marks where instances of rules begin and end."""

LABELS: Final = """
tokens: begun at 7200
    o{1..2}
tokens: ended at 7208
    c{1..2}
tokens: left at 7216
    p{1..2}
tokens: right at 7224
    q{1..2}
"""


@dataclass(frozen=True)
class Bank:
    """Labels that open and close in the items of a rule, and all of them before it ends."""

    holder: str
    item: str
    opens: str
    closes: str
    open: tuple[int, int]
    close: tuple[int, int]

    @property
    def conditions(self) -> str:
        """What the holder says of them."""
        return (
            f"    where: lowest_free({self.opens}, {self.closes}, {self.item})\n"
            f"    where: opened({self.closes}, {self.opens})\n"
            f"    where: closes_within({self.opens}, {self.closes}, {self.holder})\n"
        )


UNITS: Final = Bank("tried", "unit", "begun", "ended", (7200, 7201), (7208, 7209))
PARTS: Final = Bank("inner", "part", "left", "right", (7216, 7217), (7224, 7225))
_NAMES: Final = {BEGINS: "<TriedS>", ENDS: "<TriedE>", ONE: "one", TWO: "two", THREE: "three"}
_FAR: Final = 99


def random_rules(random: Random, banks: Sequence[Bank]) -> Rules:
    """An object, and two rules that it and each of them may use."""
    whole = _node(random, 3)
    rules: Rules = {"tried": ("row", ("token", BEGINS), whole, ("token", ENDS))}
    for name in ("unit", "part"):
        rules[name] = _node(random, 2)
    for bank in banks:
        rules[bank.item] = _with_labels(random, rules[bank.item], bank)
    return rules


def nested_rules(random: Random, banks: Sequence[Bank]) -> Rules:
    """An object of units, each with an `inner` of parts: scopes and items within each other."""
    one, two, three, four = (("token", id) for id in (ONE, TWO, THREE, FOUR))
    counted = [("row", one, ("many", two)), ("row", one, ("maybe", two)), one, two]
    parts = ("row", ("rule", "part"), ("many", ("rule", "part")))
    inner = random.choice([parts, ("row", parts, three), ("row", four, parts, three)])
    begins = random.choice([three, four])
    unit = ("row", begins, random.choice([("rule", "inner"), ("maybe", ("rule", "inner"))]))
    rules: Rules = {
        "tried": ("row", ("token", BEGINS), ("many", ("rule", "unit")), ("token", ENDS)),
        "unit": random.choice([unit, ("row", unit, ("maybe", one))]),
        "inner": inner,
        "part": random.choice(counted),
    }
    for bank in banks:
        rules[bank.item] = _with_labels(random, rules[bank.item], bank)
    return rules


def _with_labels(random: Random, node: Node, bank: Bank) -> Node:
    """A node with labels of a bank before or after it."""
    opens, closes = ("open", bank), ("close", bank)
    label = random.choice([opens, closes, ("either", opens, closes), ("either", opens, closes)])
    many = (random.choice(("maybe", "many")), label)
    return ("row", many, node) if random.random() < 0.25 else ("row", node, many)


def _node(random: Random, depth: int) -> Node:
    kind = random.choices(("leaf", "row", "either", "maybe", "many"), (3, 4, 2, 1, 1))[0]
    if depth == 0 or kind == "leaf":
        if random.random() < 0.3:
            return ("rule", random.choice(("unit", "part")))
        return ("token", random.choice((ONE, TWO, THREE, FOUR)))
    count = {"row": random.randint(2, 3), "either": 2}.get(kind, 1)
    return (kind, *(_node(random, depth - 1) for _ in range(count)))


def text_of(rules: Rules, banks: Sequence[Bank], *, counts: str | None = None) -> str:
    """The grammar as a text, with its conditions."""
    lines = [TOKENS, LABELS]
    used = _used(rules, "tried")
    for name, node in rules.items():
        if name not in used:
            continue
        lines.append(f"{name} = {_text(node)} ;\n")
        lines += [bank.conditions for bank in banks if bank.holder == name]
        if name == counts:
            lines.append('    where: as_many("two", "one")\n')
    return "".join(lines)


def _used(rules: Rules, name: str, before: frozenset[str] = frozenset()) -> frozenset[str]:
    """A rule and all that it uses."""
    found, waiting = before | {name}, [rules[name]]
    while waiting:
        kind, *parts = waiting.pop()
        if kind == "rule" and parts[0] not in found:
            found = _used(rules, parts[0], found)
        elif kind in ("row", "either", "maybe", "many"):
            waiting += parts
    return found


def _text(node: Node) -> str:
    kind, *parts = node
    match kind:
        case "token":
            return f'"{_NAMES.get(parts[0], "four")}"'
        case "rule":
            return str(parts[0])
        case "open" | "close":
            return str(parts[0].opens if kind == "open" else parts[0].closes)
        case "row" | "either":
            return f"( {(' ' if kind == 'row' else ' | ').join(map(_text, parts))} )"
    return f"( {_text(parts[0])} ){'?' if kind == 'maybe' else '*'}"


def least_of(rules: Rules) -> dict[str, int]:
    """How many tokens each rule has at least."""
    least = dict.fromkeys(rules, _FAR)
    for _ in range(len(rules) * 4):
        least = {name: _least(node, least) for name, node in rules.items()}
    return least


def _least(node: Node, least: dict[str, int]) -> int:
    kind, *parts = node
    match kind:
        case "rule":
            return least[parts[0]]
        case "row":
            return min(_FAR, sum(_least(part, least) for part in parts))
        case "either":
            return min(_least(part, least) for part in parts)
        case "maybe" | "many":
            return 0
    return 1


def sentences(
    rules: Rules, banks: Sequence[Bank], longest: int, most: int, *, counts: str | None = None
) -> list[tuple[int, ...]] | None:
    """All sentences of so many tokens; None when there is more to try than `most`."""
    least = least_of(rules)
    found: list[tuple[int, ...]] = []
    waiting: list[tuple[tuple[Node, ...], Word]] = [((("rule", "tried"),), ())]
    for _ in range(most):
        if not waiting:
            return found
        (node, *rest), word = waiting.pop()
        for after, read in _steps(node, rules):
            now, grown = (*after, *rest), (*word, *read)
            needed = sum(_least(each, least) for each in now if each[0] != "mark")
            if len(_tokens(grown)) + needed > longest:
                continue
            if now:
                waiting.append((now, grown))
            elif all(_keeps(grown, bank) for bank in banks) and _counts(grown, counts):
                found.append(_tokens(grown))
    return None


def _tokens(word: Word) -> tuple[int, ...]:
    return tuple(each for each in word if isinstance(each, int))


def _steps(node: Node, rules: Rules) -> Iterator[tuple[tuple[Node, ...], Word]]:
    """What a part may become, and the token or mark that is read with it."""
    kind, *parts = node
    match kind:
        case "token":
            yield (), (parts[0],)
        case "open" | "close":
            bank = parts[0]
            yield from (((), (id,)) for id in (bank.open if kind == "open" else bank.close))
        case "mark":
            yield (), (parts[0],)
        case "rule":
            name = parts[0]
            yield (("mark", f"begin {name}"), rules[name], ("mark", f"end {name}")), ()
        case "row":
            yield tuple(parts), ()
        case "either":
            yield from (((part,), ()) for part in parts)
        case "maybe" | "many":
            yield (), ()
            yield (parts[0], *([node] if kind == "many" else [])), ()


def _keeps(word: Word, bank: Bank) -> bool:
    """Whether labels are the lowest ones free, are open when they close, and all close."""
    opened, freed = set[int](), set[int]()
    for each in word:
        if each == f"end {bank.item}":
            freed.clear()
        if each == f"begin {bank.holder}":
            freed.clear()
        elif each == f"end {bank.holder}" and opened:
            return False
        elif each in bank.open:
            used = opened | freed
            lowest = next((at for at in range(len(bank.open)) if at not in used), None)
            if lowest != bank.open.index(each):
                return False
            opened.add(lowest)
        elif each in bank.close:
            label = bank.close.index(each)
            if label not in opened:
                return False
            opened.remove(label)
            freed.add(label)
    return not opened


def _counts(word: Word, holder: str | None) -> bool:
    """Whether there are never more `two` than `one` in the holder, and as many at its end."""
    within, more = False, 0
    for each in word if holder else ():
        if each == f"end {holder}" and more:
            return False
        if each in (f"begin {holder}", f"end {holder}"):
            within, more = each == f"begin {holder}", 0
        if within:
            more += (each == ONE) - (each == TWO)
        if more < 0:
            return False
    return True
