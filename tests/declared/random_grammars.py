"""Grammars at random, and every sentence of them by brute force, conditions tried at the end.

Rules are nested tuples: ("token", id), ("rule", name), ("row" or "either", parts…), ("maybe" or
"many", part), ("one of", name, words) for a block or rule of which these words are tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import TYPE_CHECKING, Any, Final

from declared.shapes import BEGINS, ENDS, FOUR, ONE, THREE, TOKENS, TWO

if TYPE_CHECKING:
    from declared.drawn import Drawn

Node = tuple[Any, ...]
Rules = dict[str, Node]
Word = tuple[int | str, ...]
"""Tokens, and marks where instances of rules begin and end."""

_NAMES: Final = {BEGINS: "<TriedS>", ENDS: "<TriedE>", ONE: "one", TWO: "two", THREE: "three"}
_FAR: Final = 99


def random_rules(random: Random) -> Rules:
    """An object, and two rules that it and each of them may use."""
    whole = _node(random, 3)
    rules: Rules = {"tried": ("row", ("token", BEGINS), whole, ("token", ENDS))}
    for name in ("unit", "part"):
        rules[name] = _node(random, 2)
    return rules


def nested_rules(random: Random) -> Rules:
    """An object of units, each with an `inner` of parts: scopes and items within each other."""
    one, two, three, four = (("token", id) for id in (ONE, TWO, THREE, FOUR))
    counted = [("row", one, ("many", two)), ("row", one, ("maybe", two)), one, two]
    parts = ("row", ("rule", "part"), ("many", ("rule", "part")))
    inner = random.choice([parts, ("row", parts, three), ("row", four, parts, three)])
    begins = random.choice([three, four])
    unit = ("row", begins, random.choice([("rule", "inner"), ("maybe", ("rule", "inner"))]))
    return {
        "tried": ("row", ("token", BEGINS), ("many", ("rule", "unit")), ("token", ENDS)),
        "unit": random.choice([unit, ("row", unit, ("maybe", one))]),
        "inner": inner,
        "part": random.choice(counted),
    }


def called_rules(random: Random) -> Rules:
    """An object that uses an `inner` of parts in several places, and a `unit` that may use itself.

    Both end with a token after which nothing of them comes, so that each is unrolled once.
    """
    one, two, three, four = (("token", id) for id in (ONE, TWO, THREE, FOUR))
    inner, unit, part = (("rule", name) for name in ("inner", "unit", "part"))
    used = [one, two, inner, inner, ("row", inner, random.choice([one, two, inner]))]
    within = [*used, ("maybe", unit), ("many", inner), ("maybe", ("either", one, inner))]
    around = [*used, unit, ("row", unit, random.choice([one, inner, unit])), ("many", unit)]
    whole = random.choices(around, k=random.randint(2, 3))
    return {
        "tried": ("row", ("token", BEGINS), *whole, ("token", ENDS)),
        "unit": ("row", four, *random.choices(within, k=random.randint(1, 2)), three),
        "inner": ("row", three, *random.choice([(part, part), (("many", part),)]), four),
        "part": random.choice([one, two, ("row", one, ("maybe", two)), ("either", one, two)]),
    }


def _node(random: Random, depth: int) -> Node:
    kind = random.choices(("leaf", "row", "either", "maybe", "many"), (3, 4, 2, 1, 1))[0]
    if depth == 0 or kind == "leaf":
        if random.random() < 0.3:
            return ("rule", random.choice(("unit", "part")))
        return ("token", random.choice((ONE, TWO, THREE, FOUR)))
    count = {"row": random.randint(2, 3), "either": 2}.get(kind, 1)
    return (kind, *(_node(random, depth - 1) for _ in range(count)))


def text_of(rules: Rules, stated: Sequence[Drawn]) -> str:
    """The grammar as a text, with its conditions."""
    lines = [TOKENS, *(each.sections for each in stated)]
    used = used_by(rules, "tried")
    for name, node in rules.items():
        if name in used:
            lines.append(f"{name} = {_text(node)} ;\n")
            lines += [each.clauses for each in stated if each.holder == name]
    return "".join(lines)


def used_by(rules: Rules, name: str, before: frozenset[str] = frozenset()) -> frozenset[str]:
    """A rule and all that it uses."""
    found, waiting = before | {name}, [rules[name]]
    while waiting:
        kind, *parts = waiting.pop()
        if kind == "rule" and parts[0] not in found:
            found = used_by(rules, parts[0], found)
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
        case "one of":
            return str(parts[0])
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
        case "one of":
            return min(map(len, parts[1]))
    return 1


def sentences(rules: Rules, stated: Sequence[Drawn], longest: int, most: int) -> list[Word] | None:
    """All sentences of so many tokens; None when there is more to try than `most`."""
    least = least_of(rules)
    found: list[Word] = []
    waiting: list[tuple[tuple[Node, ...], Word]] = [((("rule", "tried"),), ())]
    for _ in range(most):
        if not waiting:
            return found
        (node, *rest), word = waiting.pop()
        for after, read in _steps(node, rules):
            now, grown = (*after, *rest), (*word, *read)
            needed = sum(_least(each, least) for each in now if each[0] != "mark")
            if len(tokens_in(grown)) + needed > longest:
                continue
            if now:
                waiting.append((now, grown))
            elif all(each.keeps(grown) for each in stated):
                found.append(grown)
    return None


def tokens_in(word: Word) -> tuple[int, ...]:
    """The tokens of a sentence, without the marks."""
    return tuple(each for each in word if isinstance(each, int))


def _steps(node: Node, rules: Rules) -> Iterator[tuple[tuple[Node, ...], Word]]:
    """What a part may become, and the token or mark that is read with it."""
    kind, *parts = node
    match kind:
        case "token":
            yield (), (parts[0],)
        case "one of":
            yield from (((), word) for word in parts[1])
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
