"""Reads the texts of the spec, as ``spec/README.md`` defines their notation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from logos_grammar.grammar.notation import (
    Accepted,
    Choice,
    Many,
    Maybe,
    Name,
    Node,
    Page,
    Refused,
    Rule,
    Sequence,
    Span,
    Spec,
    Token,
)


def read_spec(texts: Mapping[str, str], declared: Mapping[str, str] = MappingProxyType({})) -> Spec:
    """Read the files of a spec.

    Parameters
    ----------
    texts
        Text by path; the last part of a path, without ``.ebnf``, names the page.
    declared
        Text by kind, of object types that users declared; their own rules and sections are
        ``kind.name`` here, but for the object.

    Returns
    -------
    Spec
        Pages in the given order.

    Raises
    ------
    ValueError
        Where a text is not in the notation, with its path and line; or when two rules have one
        name.
    """
    pages: dict[str, Page] = {}
    rules: dict[str, Rule] = {}
    for path, text in {**texts, **declared}.items():
        page = read_page(path, text)
        if path in declared:
            page = _qualified(page)
        for rule in page.rules:
            if rule.name in rules:
                raise ValueError(f"two rules are named {rule.name}, the second in {path}")
            rules[rule.name] = rule
        pages[page.name] = page
    return Spec(MappingProxyType(pages), MappingProxyType(rules))


def _qualified(page: Page) -> Page:
    """A declared page: its names are its own, whatever the spec and other types call theirs."""
    own = {rule.name for rule in page.rules[1:]} | set(page.sections)
    names = {name: f"{page.name}.{name}" for name in own - {page.name}}
    rules = (
        replace(rule, name=names.get(rule.name, rule.name), body=_renamed(rule.body, names))
        for rule in page.rules
    )
    return replace(page, rules=tuple(rules))


def _renamed(node: Node, names: Mapping[str, str]) -> Node:
    match node:
        case Name(name):
            return Name(names.get(name, name))
        case Sequence(parts):
            return Sequence(tuple(_renamed(part, names) for part in parts))
        case Choice(parts):
            return Choice(tuple(_renamed(part, names) for part in parts))
        case Maybe(part):
            return Maybe(_renamed(part, names))
        case Many(part):
            return Many(_renamed(part, names))
    return node


def read_page(path: str, text: str) -> Page:
    """Read one file of a spec, as `read_spec` reads each."""
    return _Reader(path, text).page(path.rsplit("/", 1)[-1].removesuffix(".ebnf"))


_LEXEMES = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<comment>\(\*.*?\*\))
    | (?P<examples>^(?:accepted|refused):[ ]*\w+[^\n]*(?:\n[ \t]+[^\n]*|\n(?=\n*[ \t]+\d))*)
    | (?P<tokens>^tokens:[^\n]*(?:\n[ \t]+[^\n]*|\n(?=\n*[ \t]+\S))*)
    | (?P<where>where:[^\n]*)
    | (?P<token>"[^"\n]*")
    | (?P<word>[a-z]\w*)
    | (?P<sign>\.\.|[=|()?*;])
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_EXAMPLE = re.compile(r"(?P<ids>\d+(?: \d+)*)(?:\s{2,}(?P<rest>.*))?|(?P<nothing>at \d.*)")
_FAULT = re.compile(r"at (?P<position>\d+): (?P<reason>.*?)(?:\s{2,}(?P<why>.*))?")


class _Reader:
    """One file of the spec, read from left to right; one lexeme decides."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.lexemes = [match for match in self._lexemes() if match.lastgroup != "space"]
        self.at = 0

    def page(self, name: str) -> Page:
        rules: list[Rule] = []
        accepted: list[Accepted] = []
        refused: list[Refused] = []
        comment = ""
        sections: list[str] = []
        while self.at < len(self.lexemes):
            if self._kind() == "comment":
                comment = " ".join(self._next().group().strip("(*) \n").split())
            elif self._kind() == "tokens":
                sections += self._next().group().split(maxsplit=2)[1:2]
            elif self._kind() == "examples":
                self._examples(accepted, refused)
            else:
                rules.append(self._rule(comment))
                comment = ""
        if not rules:
            raise ValueError(f"expected a rule in {self.path}")
        return Page(name, tuple(rules), tuple(accepted), tuple(refused), tuple(sections))

    def _rule(self, comment: str) -> Rule:
        name = self._expect("word")
        self._expect("sign", "=")
        body = self._choice()
        end = self._expect("sign", ";")
        conditions: list[str] = []
        while self._kind() == "where":
            conditions.append(self._next().group().removeprefix("where:").strip())
        text = self.text[name.start() : end.end()]
        return Rule(name.group(), body, comment, tuple(conditions), text)

    def _choice(self) -> Node:
        parts = [self._sequence()]
        while self._sign("|"):
            self.at += 1
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self._kind() in ("token", "word") or self._sign("("):
            parts.append(self._repeated())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _repeated(self) -> Node:
        node = self._one()
        while self._sign("?") or self._sign("*"):
            node = Maybe(node) if self._next().group() == "?" else Many(node)
        return node

    def _one(self) -> Node:
        if self._sign("("):
            self.at += 1
            node = self._choice()
            self._expect("sign", ")")
            return node
        lexeme = self._next()
        if lexeme.lastgroup == "word":
            return Name(lexeme.group())
        first = lexeme.group()[1:-1]
        if not self._sign(".."):
            return Token(first)
        self.at += 1
        return Span(first, self._expect("token").group()[1:-1])

    def _examples(self, accepted: list[Accepted], refused: list[Refused]) -> None:
        lexeme = self._next()
        head, *lines = lexeme.group().splitlines()
        verdict, rule = (word.strip() for word in head.split(":", 1))
        rule = rule.split()[0]
        for line in filter(None, map(str.strip, lines)):
            example = _EXAMPLE.fullmatch(line)
            if example is None:
                raise self._error(f"expected an example, found {line!r}", lexeme.start())
            ids = tuple(map(int, (example["ids"] or "").split()))
            rest = (example["rest"] or example["nothing"] or "").strip()
            if verdict == "accepted":
                accepted.append(Accepted(rule, ids, rest))
                continue
            fault = _FAULT.fullmatch(rest)
            if fault is None:
                raise self._error(f"expected `at N: reason`, found {rest!r}", lexeme.start())
            reason, why = fault["reason"].strip(), (fault["why"] or "").strip()
            refused.append(Refused(rule, ids, int(fault["position"]), reason, why))

    def _lexemes(self) -> Iterator[re.Match[str]]:
        at = 0
        while at < len(self.text):
            match = _LEXEMES.match(self.text, at)
            if match is None:
                raise self._error(f"unexpected {self.text[at]!r}", at)
            yield match
            at = match.end()

    def _kind(self) -> str | None:
        return self.lexemes[self.at].lastgroup if self.at < len(self.lexemes) else None

    def _sign(self, sign: str) -> bool:
        return self._kind() == "sign" and self.lexemes[self.at].group() == sign

    def _next(self) -> re.Match[str]:
        self.at += 1
        return self.lexemes[self.at - 1]

    def _expect(self, kind: str, sign: str | None = None) -> re.Match[str]:
        if self._kind() == kind and (sign is None or self._sign(sign)):
            return self._next()
        found = self.lexemes[self.at].group() if self._kind() else "the end"
        at = self.lexemes[self.at].start() if self._kind() else len(self.text)
        raise self._error(f"expected {sign or kind}, found {found}", at)

    def _error(self, reason: str, at: int) -> ValueError:
        line = self.text.count("\n", 0, at) + 1
        return ValueError(f"{reason} at {self.path}, line {line}")
