"""Reads spec/ as data: the vocabulary, every rule and every example."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from oracle.expression import Expression, calls, terminals
from oracle.rule import NotationError, RuleText, Where, read_rules
from oracle.vocabulary import Vocabulary, read_vocabulary

SPEC = Path(__file__).resolve().parents[2] / "spec"


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
