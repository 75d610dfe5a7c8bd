"""Grammars at random, and every sentence of them by brute force, conditions tried at the end.

Rules are nested tuples: ("token", id), ("rule", name), ("row" or "either", parts…), ("maybe" or
"many", part). A rule named `unit` may open and close two labels; `tried` may count.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any, Final

from declared.shapes import BEGINS, ENDS, FOUR, ONE, THREE, TOKENS, TWO

Node = tuple[Any, ...]
Rules = dict[str, Node]

OPEN, CLOSE = (7200, 7201), (7208, 7209)
LABELS: Final = """
tokens: begun at 7200
    o{1..2}
tokens: ended at 7208
    c{1..2}
"""
_NAMES: Final = {BEGINS: "<TriedS>", ENDS: "<TriedE>", ONE: "one", TWO: "two", THREE: "three"}
_OF_LABELS: Final = (
    "    where: lowest_free(begun, ended, unit)\n"
    "    where: opened(ended, begun)\n"
    "    where: closes_within(begun, ended, tried)\n"
)
_FAR: Final = 99


def random_rules(random: Random, *, labels: bool) -> Rules:
    """An object, and two rules that it and each of them may use."""
    whole = _node(random, 3)
    rules: Rules = {"tried": ("row", ("token", BEGINS), whole, ("token", ENDS))}
    for name in ("unit", "part"):
        rules[name] = _node(random, 2)
    if labels:
        label = random.choice([("open",), ("close",), ("either", ("open",), ("close",))])
        rules["unit"] = ("row", rules["unit"], (random.choice(("maybe", "many")), label))
    return rules


def _node(random: Random, depth: int) -> Node:
    kind = random.choices(("leaf", "row", "either", "maybe", "many"), (3, 4, 2, 1, 1))[0]
    if depth == 0 or kind == "leaf":
        if random.random() < 0.3:
            return ("rule", random.choice(("unit", "part")))
        return ("token", random.choice((ONE, TWO, THREE, FOUR)))
    count = {"row": random.randint(2, 3), "either": 2}.get(kind, 1)
    return (kind, *(_node(random, depth - 1) for _ in range(count)))


def text_of(rules: Rules, *, labels: bool, counts: bool) -> str:
    """The grammar as a text, with its conditions."""
    lines = [TOKENS, LABELS]
    used = _used(rules, "tried")
    for name, node in rules.items():
        if name not in used:
            continue
        lines.append(f"{name} = {_text(node)} ;\n")
        if name == "tried":
            lines.append(_OF_LABELS * labels)
            lines.append('    where: as_many("two", "one")\n' * counts)
    return "".join(lines)


def _used(rules: Rules, name: str, before: frozenset[str] = frozenset()) -> frozenset[str]:
    """A rule and all that it uses."""
    found, waiting = before | {name}, [rules[name]]
    while waiting:
        kind, *parts = waiting.pop()
        if kind == "rule" and parts[0] not in found:
            found = _used(rules, parts[0], found)
        elif kind not in ("rule", "token", "open", "close"):
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
            return "begun" if kind == "open" else "ended"
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
    rules: Rules, longest: int, most: int, *, labels: bool, counts: bool
) -> list[tuple[int, ...]] | None:
    """All sentences of so many tokens; None when there is more to try than `most`."""
    least = least_of(rules)
    found: list[tuple[int, ...]] = []
    waiting: list[tuple[tuple[Node, ...], tuple[int, ...]]] = [((("rule", "tried"),), ())]
    for _ in range(most):
        if not waiting:
            return found
        (node, *rest), word = waiting.pop()
        # Ends of a unit stand in a word as 0.
        for after, token in _steps(node, rules):
            now, grown = (*after, *rest), (*word, *token)
            needed = sum(_least(each, least) for each in now if each[0] != "end")
            if sum(map(bool, grown)) + needed > longest:
                continue
            if now:
                waiting.append((now, grown))
            elif not (labels and not _keeps_labels(grown)) and not (counts and not _counts(grown)):
                found.append(tuple(filter(None, grown)))
    return None


def _steps(node: Node, rules: Rules) -> Iterator[tuple[tuple[Node, ...], tuple[int, ...]]]:
    """What a part may become, and the token that is read with it."""
    kind, *parts = node
    match kind:
        case "token":
            yield (), (parts[0],)
        case "open" | "close":
            yield from (((), (id,)) for id in (OPEN if kind == "open" else CLOSE))
        case "end":
            yield (), (0,)
        case "rule":
            end: tuple[Node, ...] = (("end",),) if parts[0] == "unit" else ()
            yield (rules[parts[0]], *end), ()
        case "row":
            yield tuple(parts), ()
        case "either":
            yield from (((part,), ()) for part in parts)
        case "maybe" | "many":
            yield (), ()
            yield (parts[0], *([node] if kind == "many" else [])), ()


def _keeps_labels(word: tuple[int, ...]) -> bool:
    """Whether labels are the lowest ones free, are open when they close, and all close."""
    opened, freed = set[int](), set[int]()
    for token in word:
        if token == 0:
            freed.clear()
        elif token in OPEN:
            used = opened | freed
            lowest = next((at for at in range(len(OPEN)) if at not in used), None)
            if lowest != OPEN.index(token):
                return False
            opened.add(lowest)
        elif token in CLOSE:
            label = CLOSE.index(token)
            if label not in opened:
                return False
            opened.remove(label)
            freed.add(label)
    return not opened


def _counts(word: tuple[int, ...]) -> bool:
    """Whether there are never more `two` than `one`, and as many at the end."""
    more = 0
    for token in word:
        more += (token == ONE) - (token == TWO)
        if more < 0:
            return False
    return more == 0
