"""Writes the context-free part of the spec in the notations of other engines.

`to_xgrammar` writes EBNF for xgrammar, `to_llguidance` Lark for llguidance. A terminal is a set of
token ids in both, so there is no lexing and the texts of tokens do not matter: give the engine
`logos_grammar.vocabulary.size` texts, no two alike and none empty, and say that `<eos>` ends a
sentence. Its masks then have one bit for each of our ids.

What only side conditions forbid, such an engine allows: it accepts every sentence, and more. Both
keep an account of every rule that has begun, so rules are rewritten without changing what they
allow:

* A rule that ends in itself, `chain = atom ( branch* bond? chain )?`, becomes a repetition,
  `atom ( branch* bond? atom )*`. As the spec has it every atom begins a chain that ends only where
  the molecule does, and each token costs the more the longer the sentence is.
* A rule that is named once is written in its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from logos_grammar.grammar.notation import (
    Choice,
    Many,
    Maybe,
    Name,
    Node,
    Rule,
    Sequence,
    Span,
    Spec,
    Token,
)
from logos_grammar.grammar.spec import spec
from logos_grammar.vocabulary import vocabulary

Terminal = Callable[[list[int]], str]


def to_xgrammar(kind: str | None = None) -> str:
    """Write the rules of an object type as EBNF for xgrammar, 0.2 or later.

    Parameters
    ----------
    kind
        The name of an object type or of one of its forms; by default, any of them.

    Returns
    -------
    str
        For ``xgrammar.GrammarCompiler.compile_grammar``, which begins with the rule ``root``. The
        rules of the spec, side conditions included, are comments at the top.

    Raises
    ------
    ValueError
        When no kind has that name.
    """
    return _written(kind, start="root", equals=" ::=", terminal=_listed)


def to_llguidance(kind: str | None = None) -> str:
    """Write the rules of an object type as Lark for llguidance, 1.0 or later.

    Parameters
    ----------
    kind
        The name of an object type or of one of its forms; by default, any of them.

    Returns
    -------
    str
        For ``llguidance.LLMatcher``, which begins with the rule ``start``. The rules of the
        spec, side conditions included, are comments at the top.

    Raises
    ------
    ValueError
        When no kind has that name.
    """
    return _written(kind, start="start", equals=":", terminal=_ranged)


def _written(kind: str | None, *, start: str, equals: str, terminal: Terminal) -> str:
    carried = spec()
    if kind is not None and kind not in carried.kinds():
        raise ValueError(f"expected one of {', '.join(carried.kinds())}, found {kind}")
    kinds = carried.objects() if kind is None else (kind,)
    bodies = _rewritten(kinds, carried)
    lines = [*_comments(kinds, carried), f"{start}{equals} {' | '.join(kinds)}"]
    for name, body in bodies.items():
        lines.append(f"{name}{equals} {_text(body, bodies, terminal)}")
    return "\n".join(lines) + "\n"


def _comments(kinds: tuple[str, ...], carried: Spec) -> Iterator[str]:
    """The rules as the spec has them: what is said below, and what cannot be said there."""
    yield f"# {', '.join(kinds)}, in ids of the vocabulary {vocabulary.fingerprint}"
    yield "# Conditions (where:) cannot be written here, so this accepts more than the sentences."
    bodies = {name: rule.body for name, rule in carried.rules.items()}
    for name in _needed(kinds, bodies):
        rule = carried.rules[name]
        yield f"# {' '.join(rule.text.split())}"
        yield from (f"#     where: {condition}" for condition in rule.conditions)


def _rewritten(kinds: tuple[str, ...], carried: Spec) -> dict[str, Node]:
    """The rules that are needed, in the order in which they come up."""
    bodies = {name: _as_repetition(rule, carried.rules) for name, rule in carried.rules.items()}
    uses = Counter(used for name in _needed(kinds, bodies) for used in _names(bodies[name], bodies))
    # Where rules lead in a circle, one of them is named from within it and from outside.
    once = {name: body for name, body in bodies.items() if uses[name] == 1 and name not in kinds}
    placed = {name: _in_place(body, once) for name, body in bodies.items() if name not in once}
    return {name: placed[name] for name in _needed(kinds, placed)}


def _as_repetition(rule: Rule, rules: Mapping[str, Rule]) -> Node:
    """Write `r = a ( b r )?` as `a ( b a )*`, and any other rule as it is."""
    *head, last = _parts(rule.body)
    between = _before_end(last.part, rule.name, rules, ()) if isinstance(last, Maybe) else None
    if between is None:
        return rule.body
    return Sequence((*head, Many(Sequence((*between, *head)))))


def _before_end(
    node: Node, name: str, rules: Mapping[str, Rule], seen: tuple[str, ...]
) -> tuple[Node, ...] | None:
    """What comes before the rule of that name, if the node ends with it."""
    *before, last = _parts(node)
    if not isinstance(last, Name) or last.name not in rules or last.name in seen:
        return None
    if last.name == name:
        return tuple(before)
    inner = _before_end(rules[last.name].body, name, rules, (*seen, last.name))
    return None if inner is None else (*before, *inner)


def _in_place(node: Node, once: Mapping[str, Node]) -> Node:
    """The node with the names of some rules replaced by their bodies."""
    match node:
        case Name(name) if name in once:
            return _in_place(once[name], once)
        case Sequence(parts):
            return Sequence(tuple(_in_place(part, once) for part in parts))
        case Choice(parts):
            return Choice(tuple(_in_place(part, once) for part in parts))
        case Maybe(part):
            return Maybe(_in_place(part, once))
        case Many(part):
            return Many(_in_place(part, once))
    return node


def _needed(kinds: Iterable[str], bodies: Mapping[str, Node]) -> tuple[str, ...]:
    """The names of the rules that some rules need, themselves first, each once."""
    needed = dict.fromkeys(kinds)
    waiting = list(needed)
    while waiting:
        named = dict.fromkeys(_names(bodies[waiting.pop(0)], bodies))
        waiting += [name for name in named if name not in needed]
        needed |= named
    return tuple(needed)


def _names(node: Node, rules: Mapping[str, Node]) -> Iterator[str]:
    """The rules that a node names, each as often as it does."""
    match node:
        case Name(name) if name in rules:
            yield name
        case Sequence(parts) | Choice(parts):
            for part in parts:
                yield from _names(part, rules)
        case Maybe(part) | Many(part):
            yield from _names(part, rules)


def _parts(node: Node) -> tuple[Node, ...]:
    return node.parts if isinstance(node, Sequence) else (node,)


def _text(node: Node, rules: Mapping[str, Node], terminal: Terminal) -> str:
    """A node in what both notations share: all but the terminals."""

    def within(part: Node, *loose: type) -> str:
        text = _text(part, rules, terminal)
        return f"({text})" if isinstance(part, loose) else text

    match node:
        case Sequence(parts):
            return " ".join(within(part, Choice) for part in parts)
        case Choice(parts):
            return " | ".join(within(part) for part in parts)
        case Maybe(part):
            return f"{within(part, Choice, Sequence, Maybe, Many)}?"
        case Many(part):
            return f"{within(part, Choice, Sequence, Maybe, Many)}*"
        case Name(name) if name in rules:
            return name
    return terminal(_ids(node))


def _ids(node: Token | Span | Name) -> list[int]:
    """The ids of a terminal, ascending."""
    match node:
        case Token(name):
            return [vocabulary.id(name)]
        case Span(first, last):
            ids = range(vocabulary.id(first), vocabulary.id(last) + 1)
        case Name(name):
            block = next(block for block in vocabulary.blocks if block.name == name)
            ids = range(block.base, block.base + block.size)
    return [id for id in ids if id in vocabulary]


def _listed(ids: list[int]) -> str:
    """A terminal of xgrammar: `Token(3, 4, 5)`."""
    return f"Token({', '.join(map(str, ids))})"


def _ranged(ids: list[int]) -> str:
    """A terminal of llguidance: `<[3-5]>`."""
    gaps = [at for at in range(1, len(ids)) if ids[at] != ids[at - 1] + 1]
    runs = [ids[a:b] for a, b in zip([0, *gaps], [*gaps, len(ids)], strict=True)]
    return f"<[{','.join(f'{r[0]}-{r[-1]}' if len(r) > 1 else str(r[0]) for r in runs)}]>"
