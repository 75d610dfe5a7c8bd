"""Fields: the rules of a declared grammar matched with the dataclasses that they are."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from inspect import Parameter, signature
from typing import Any, Final, get_type_hints

from logos_grammar import _core
from logos_grammar.declared.annotations import expect, members, of_tuple, without_none
from logos_grammar.declared.numbers import ComponentName, Decimals, Index, Number, Numbers
from logos_grammar.declared.parts import (
    AnyOf,
    Either,
    Mark,
    Part,
    Perhaps,
    Record,
    Row,
    Several,
    Whole,
)
from logos_grammar.grammar.notation import (
    Choice,
    Many,
    Maybe,
    Name,
    Node,
    Sequence,
    Span,
    Token,
)
from logos_grammar.grammar.spec import spec_with
from logos_grammar.object_types import CLASSES
from logos_grammar.vocabulary import vocabulary

_SHARED: Final[dict[str, Part]] = {
    "index": Index(0),
    "positive": Index(1),
    "decimals": Decimals(),
    "number": Number(),
    "numbers": Numbers(),
    "component_name": ComponentName(),
    **{kind: Whole(kind, cls) for kind, cls in CLASSES.items()},
}


def record_of(grammar: _core.Grammar, cls: type) -> Record:
    """Match the first rule of a grammar, and all that it uses, with a dataclass and its fields.

    Raises
    ------
    TypeError
        Where a class and its rule do not fit, with both and what was wanted.
    """
    return _Matcher(grammar).record(grammar.kind, cls)


class _Matcher:
    def __init__(self, grammar: _core.Grammar) -> None:
        names = {name: id for id, name, _, _ in grammar.tokens()}
        self.spec = spec_with(grammar)
        self.names = {id: name for name, id in names.items()}
        self.records: dict[tuple[str, type], Record] = {}
        self.inlined: list[str] = []

    def record(self, rule: str, cls: type) -> Record:
        """A rule that is a class."""
        if (rule, cls) in self.records:
            return self.records[rule, cls]
        if not is_dataclass(cls) or not isinstance(cls, type):
            raise TypeError(f"expected a dataclass for the rule {rule}, not {cls!r}")
        try:
            hints = get_type_hints(cls)
        except Exception as error:
            # An annotation is code: it can fail in any way.
            raise TypeError(
                f"cannot resolve the annotations of {cls.__name__}: {error}; expected its classes "
                "at the top of a module"
            ) from error
        names = tuple(each.name for each in fields(cls) if each.init)
        parameters = signature(cls).parameters.values()
        needed = {each.name for each in parameters if each.default is Parameter.empty}
        if needed - set(names):
            raise TypeError(
                f"expected {cls.__name__} to be made of its fields, not of "
                f"{', '.join(sorted(needed - set(names)))} as well"
            )
        made = self.records[rule, cls] = Record(cls, names)
        body = self.spec.rules[rule].body
        nodes = body.parts if isinstance(body, Sequence) else (body,)
        said = [node for node in nodes if self._says(node)]
        if len(said) != len(names):
            raise TypeError(
                f"expected a field of {cls.__name__} for each of the {len(said)} parts of the rule "
                f"{rule} that say something, not {', '.join(names) or 'none'}"
            )
        hinted = iter(names)
        inlined, self.inlined = self.inlined, []
        made.parts = tuple(
            self._field(node, cls, next(hinted), hints)
            if self._says(node)
            else self._part(node, None)
            for node in nodes
        )
        self.inlined = inlined
        return made

    def _field(self, node: Node, cls: type, name: str, hints: dict[str, Any]) -> Part:
        try:
            return self._part(node, hints[name])
        except TypeError as error:
            raise TypeError(f"{cls.__name__}.{name}: {error}") from None

    def _part(self, node: Node, hint: Any) -> Part:
        """A part of a rule, whose values are of the type that an annotation says."""
        is_rule = isinstance(node, Name) and node.name in self.spec.rules
        if self._is_one_token(node) and not (is_rule and is_dataclass(hint)):
            return self._token(node, hint)
        match node:
            case Name(name):
                return self._rule(name, hint)
            case Sequence(parts):
                return self._row(parts, hint)
            case Choice(parts):
                return self._either(parts, hint)
            case Maybe(part):
                return self._perhaps(part, hint)
            case Many(part):
                return self._several(part, hint)
        raise TypeError(f"expected a part of a rule, not {node}")

    def _row(self, parts: tuple[Node, ...], hint: Any) -> Part:
        said = [part for part in parts if self._says(part)]
        if len(said) > 1:
            raise TypeError(
                f"{len(said)} parts in parentheses say something: expected a rule for them, and a "
                "dataclass"
            )
        return Row(tuple(self._part(p, hint if self._says(p) else None) for p in parts))

    def _perhaps(self, part: Node, hint: Any) -> Part:
        self._not_empty(part, "?")
        if self._says(part):
            inner = self._part(part, without_none(hint))
            if type(None) in inner.classes():
                raise TypeError("None would mean two things: expected a rule and a dataclass")
            return Perhaps(part.begins, inner)
        expect(bool, hint)
        return Perhaps(part.begins, self._part(part, None))

    def _several(self, part: Node, hint: Any) -> Part:
        self._not_empty(part, "*")
        if self._says(part):
            return Several(part.begins, self._part(part, of_tuple(hint)))
        expect(int, hint)
        return Several(part.begins, self._part(part, None))

    def _token(self, node: Node, hint: Any) -> Part:
        """One token: of several its name, of one nothing."""
        if not self._says(node):
            (id,) = node.begins
            return Mark((id,))
        expect(str, hint)
        return self._any_of(node.begins)

    def _any_of(self, first: frozenset[int]) -> AnyOf:
        names = {}
        for id in sorted(first):
            if id in self.names:
                names[id] = self.names[id]
            elif id in vocabulary:
                # Of a block only the first ids are tokens.
                names[id] = vocabulary.name(id)
        return AnyOf({name: id for id, name in names.items()}, names)

    def _rule(self, name: str, hint: Any) -> Part:
        if name in _SHARED:
            shared = _SHARED[name]
            expect(shared.classes()[0], hint)
            return shared
        if isinstance(hint, type) and is_dataclass(hint):
            return self.record(name, hint)
        if name in self.inlined:
            raise TypeError(f"the rule {name} uses itself: expected a dataclass for it, not {hint}")
        self.inlined.append(name)
        part = self._part(self.spec.rules[name].body, hint)
        self.inlined.pop()
        return part

    def _either(self, parts: tuple[Node, ...], hint: Any) -> Part:
        """A choice: the options that are one token are a str, each other has a class in turn."""
        for part in parts:
            self._not_empty(part, "|")
        tokens = [part for part in parts if self._is_one_token(part)]
        others = [part for part in parts if not self._is_one_token(part)]
        hints = [each for each in members(hint) if each is not str or not tokens]
        if len(hints) != len(others) or (tokens and str not in members(hint)):
            wanted = " | ".join([*["…"] * len(others), *["str"] * bool(tokens)])
            raise TypeError(f"expected {wanted} for a choice, not {hint}")
        options = [(p.begins, self._part(p, h)) for p, h in zip(others, hints, strict=True)]
        if tokens:
            first = frozenset[int]().union(*(part.begins for part in tokens))
            options.append((first, self._any_of(first)))
        known = [each for _, option in options for each in option.classes()]
        if len(set(known)) != len(known):
            raise TypeError(f"expected another class for each option of a choice, not {hint}")
        return Either(tuple(options))

    def _not_empty(self, node: Node, sign: str) -> None:
        if node.may_be_empty:
            raise TypeError(f"a part before or after {sign} may be empty: expected one that is not")

    def _is_one_token(self, node: Node, path: tuple[str, ...] = ()) -> bool:
        """Whether a part is always exactly one token, and no number or object."""
        match node:
            case Token() | Span():
                return True
            case Name(name):
                if name in _SHARED or name in path:
                    return False
                rule = self.spec.rules.get(name)
                return rule is None or self._is_one_token(rule.body, (*path, name))
            case Choice(parts):
                return all(self._is_one_token(part, path) for part in parts)
        return False

    def _says(self, node: Node, path: tuple[str, ...] = ()) -> bool:
        """Whether a part has a value."""
        match node:
            case Token():
                return False
            case Sequence(parts):
                return any(self._says(part, path) for part in parts)
            case Name(name) if name in self.spec.rules and name not in _SHARED:
                return name in path or self._says(self.spec.rules[name].body, (*path, name))
        return True
