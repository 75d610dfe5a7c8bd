"""Reads the rules of spec/*.ebnf, their side conditions and their examples, as data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from oracle.vocabulary import Vocabulary, read_vocabulary

SPEC = Path(__file__).resolve().parents[2] / "spec"


class NotationError(ValueError):
    """A file of spec/ does not keep the notation of spec/README.md."""


@dataclass(frozen=True, slots=True, eq=False)
class Terminal:
    """Any one token of `ids`; `rule` is the rule in which it is written."""

    ids: frozenset[int]
    rule: str


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """The rule of that name."""

    rule: str


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One part after the other."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One of the options."""

    options: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Maybe:
    """The part or nothing."""

    part: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Many:
    """The part any number of times."""

    part: Expression


Expression = Terminal | Call | Row | Choice | Maybe | Many


@dataclass(frozen=True, slots=True)
class Where:
    """A side condition: `name(arguments)`, and `text` as its line writes it."""

    name: str
    arguments: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule; `source` is its text with single blanks, `wheres` its conditions in order."""

    name: str
    body: Expression
    wheres: tuple[Where, ...]
    source: str
    file: str


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence of `rule`, or with a `position` and a `reason` what is refused there."""

    rule: str
    ids: tuple[int, ...]
    position: int | None
    reason: str
    text: str
    file: str


@dataclass(frozen=True)
class Spec:
    """All of spec/; `objects` are the names of the object types."""

    vocabulary: Vocabulary
    rules: dict[str, Rule]
    objects: tuple[str, ...]
    examples: tuple[Example, ...]


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


def read_spec(folder: Path = SPEC) -> Spec:
    """Read vocabulary.toml, common.ebnf and objects/*.ebnf.

    Raises
    ------
    NotationError
        When a file does not keep the notation, or a name is used twice or not known.
    """
    vocabulary = read_vocabulary(folder / "vocabulary.toml")
    texts: dict[str, tuple[RuleText, str]] = {}
    examples: list[Example] = []
    objects: list[str] = []
    for file in [folder / "common.ebnf", *sorted((folder / "objects").glob("*.ebnf"))]:
        text = file.read_text(encoding="utf-8")
        head = re.search(r"^(accepted|refused):", text, re.MULTILINE)
        cut = head.start() if head else len(text)
        found = list(read_rules(text[:cut]))
        examples += read_examples(text[cut:], file.name)
        if file.parent.name == "objects":
            objects.append(file.stem)
            if not found or found[0].name != file.stem:
                raise NotationError(f"{file.name}: expected the first rule to be {file.stem}")
        for rule in found:
            if rule.name in texts:
                raise NotationError(f"{file.name}: a second rule {rule.name}")
            texts[rule.name] = rule, file.name
    rules = {
        name: Rule(name, rule.read(set(texts), vocabulary), rule.wheres, rule.source, file)
        for name, (rule, file) in texts.items()
    }
    for example in examples:
        if example.rule not in rules:
            raise NotationError(f"{example.file}: examples of {example.rule}, which is no rule")
    return Spec(vocabulary, rules, tuple(objects), tuple(examples))


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


_EXAMPLE = re.compile(
    r"(?P<ids>\d+(?: \d+)*)?(?:\s*\bat (?P<at>\d+): (?P<reason>expected|\w+\(.*?\)))?"
    r"(?:\s{2,}(?P<text>\S.*))?"
)


def read_examples(text: str, file: str) -> Iterator[Example]:
    """Read the lines under `accepted: rule` and `refused: rule`."""
    refused, rule = False, ""
    for line in text.splitlines():
        head = re.fullmatch(r"(accepted|refused): (\w+)", line.rstrip())
        if head:
            refused, rule = head[1] == "refused", head[2]
        elif line.strip():
            found = _EXAMPLE.fullmatch(line.strip())
            if not found or not line.startswith(" ") or (found["at"] is not None) != refused:
                raise NotationError(f"{file}: cannot read the example {line.strip()!r}")
            ids = tuple(int(token) for token in (found["ids"] or "").split())
            at = int(found["at"]) if refused else None
            yield Example(rule, ids, at, found["reason"] or "", found["text"] or "", file)


def terminals(body: Expression) -> Iterator[Terminal]:
    """Give every terminal of the text itself, not of the rules that it calls."""
    return (part for part in _parts(body) if isinstance(part, Terminal))


def calls(body: Expression) -> Iterator[str]:
    """Give every rule that the text calls."""
    return (part.rule for part in _parts(body) if isinstance(part, Call))


def _parts(body: Expression) -> Iterator[Expression]:
    yield body
    if isinstance(body, Row):
        for part in body.parts:
            yield from _parts(part)
    elif isinstance(body, Choice):
        for option in body.options:
            yield from _parts(option)
    elif isinstance(body, Maybe | Many):
        yield from _parts(body.part)


def rules_within(spec: Spec, rule: str) -> frozenset[str]:
    """Give the rule and every rule that it calls, however deep."""
    seen, todo = set[str](), [rule]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += calls(spec.rules[name].body)
    return frozenset(seen)


def written_tokens(rule: Rule) -> frozenset[int]:
    """Give the tokens of the rule's own text."""
    return frozenset(token for part in terminals(rule.body) for token in part.ids)


def tokens_within(spec: Spec, rule: str) -> frozenset[int]:
    """Give the tokens of the rule and of every rule that it calls, however deep."""
    return frozenset().union(*(written_tokens(spec.rules[r]) for r in rules_within(spec, rule)))


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
