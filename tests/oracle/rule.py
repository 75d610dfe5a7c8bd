"""Reads the text of rules: lexemes, where: lines, and the tree that binds words and tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from oracle.expression import Call, Choice, Expression, Many, Maybe, Row, Terminal
from oracle.vocabulary import Vocabulary


class NotationError(ValueError):
    """A file of spec/ does not keep the notation of spec/README.md."""


@dataclass(frozen=True, slots=True)
class Where:
    """A side condition: `name(arguments)`, and `text` as its line writes it."""

    name: str
    arguments: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule before its words are bound: its lexemes after the `=`, and its where: lines."""

    name: str
    lexemes: tuple[tuple[str, str], ...]
    wheres: tuple[Where, ...]
    source: str

    def read(self, rules: set[str], vocabulary: Vocabulary) -> Expression:
        """Bind the words to rules, blocks and ids."""
        return _Body(self, rules, vocabulary).read()


_LEXEMES = re.compile(
    r"""(?P<comment>\(\*.*?\*\))
    |where:[ ]*(?P<where>[^\n]+)
    |"(?P<token>[^"\n]+)"
    |(?P<word>[a-z_][a-z_0-9]*)
    |(?P<sign>\.\.|[=;|()?*])
    |(?P<blank>\s+)""",
    re.VERBOSE | re.DOTALL,
)


def read_rules(text: str) -> Iterator[RuleText]:
    """Read rules, each up to its `;`, with the where: lines below it."""
    lexemes: list[tuple[str, str]] = []
    wheres: list[Where] = []
    done: tuple[str, tuple[tuple[str, str], ...], str] | None = None
    at = 0
    while at < len(text):
        found = _LEXEMES.match(text, at)
        if not found:
            raise NotationError(f"cannot read {text[at : at + 20]!r}")
        at = found.end()
        kind = str(found.lastgroup)
        if kind == "where":
            if lexemes or done is None:
                raise NotationError("expected where: below its rule")
            wheres.append(read_where(found["where"]))
        elif (kind, found[0]) == ("sign", ";"):
            if done:
                yield RuleText(done[0], done[1], tuple(wheres), done[2])
            wheres = []
            if [kind for kind, _ in lexemes[:2]] != ["word", "sign"] or lexemes[1][1] != "=":
                raise NotationError(f"expected a word and = before {found[0]}")
            source = " ".join(f'"{w}"' if k == "token" else w for k, w in lexemes) + " ;"
            done = lexemes[0][1], tuple(lexemes[2:]), source
            lexemes = []
        elif kind not in ("blank", "comment"):
            lexemes.append((kind, found[kind]))
    if lexemes:
        raise NotationError("expected ; at the end of a rule")
    if done:
        yield RuleText(done[0], done[1], tuple(wheres), done[2])


def read_where(line: str) -> Where:
    """Read `name(argument, …)` as a where: line has it."""
    line = " ".join(line.split())
    if not re.fullmatch(r'\w+\(("[^"]+"|\w+)(, ("[^"]+"|\w+))*\)', line):
        raise NotationError(f"expected a condition and found {line}")
    name, _, inside = line[:-1].partition("(")
    return Where(name, tuple(re.findall(r'"[^"]+"|\w+', inside)), line)


class _Body:
    """Reads the lexemes of one rule into an expression, and binds its words and tokens."""

    def __init__(self, rule: RuleText, rules: set[str], vocabulary: Vocabulary) -> None:
        self.rule = rule
        self.rules = rules
        self.vocabulary = vocabulary
        self.at = 0

    def read(self) -> Expression:
        body = self._choice()
        if self.at != len(self.rule.lexemes):
            raise self._error("expected ;")
        return body

    def _error(self, wanted: str) -> NotationError:
        return NotationError(f"{wanted} in {self.rule.name} at lexeme {self.at}")

    def _sign(self, *signs: str) -> str:
        """The sign that comes next, taken when it is one of these, else nothing."""
        if self.at < len(self.rule.lexemes):
            kind, word = self.rule.lexemes[self.at]
            if kind == "sign" and word in signs:
                self.at += 1
                return word
        return ""

    def _choice(self) -> Expression:
        options = [self._row()]
        while self._sign("|"):
            options.append(self._row())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _row(self) -> Expression:
        parts = [self._part()]
        while self.at < len(self.rule.lexemes):
            if self._sign("|", ")"):
                self.at -= 1
                break
            parts.append(self._part())
        return parts[0] if len(parts) == 1 else Row(tuple(parts))

    def _part(self) -> Expression:
        part: Expression
        if self._sign("("):
            part = self._choice()
            if not self._sign(")"):
                raise self._error("expected )")
        else:
            part = self._symbol()
        while sign := self._sign("?", "*"):
            part = Maybe(part) if sign == "?" else Many(part)
        return part

    def _symbol(self) -> Expression:
        kind, word = self.rule.lexemes[self.at] if self.at < len(self.rule.lexemes) else ("", "")
        self.at += 1
        if kind == "word" and word in self.rules:
            return Call(word)
        if kind == "word" and word in self.vocabulary.blocks:
            return Terminal(frozenset(self.vocabulary.blocks[word].ids), self.rule.name)
        if kind != "token":
            raise self._error(f"expected a token, a rule or a block and found {word}")
        first = last = self._token(word)
        if self._sign(".."):
            _, word = self.rule.lexemes[self.at]
            self.at += 1
            last = self._token(word)
        if last < first:
            raise self._error(f"expected {word} to come later")
        run = frozenset(range(first, last + 1)) & frozenset(self.vocabulary.names)
        return Terminal(run, self.rule.name)

    def _token(self, name: str) -> int:
        if name not in self.vocabulary.ids:
            raise self._error(f"no token {name}")
        return self.vocabulary.ids[name]
