"""`python -m logos_grammar spec KIND`: the rules of a kind, in words and as railroads."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from logos_grammar.commands.outputs import written
from logos_grammar.display.rules import borrowed_rules, own_rules, rules_html, rules_svg
from logos_grammar.display.terminal import Ink, ink_for
from logos_grammar.grammar.explanation import Explained, explain_freely
from logos_grammar.grammar.notation import Accepted, Refused, Rule
from logos_grammar.grammar.spec import spec
from logos_grammar.kinds import object_type
from logos_grammar.vocabulary import vocabulary


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand and what it takes."""
    parser = subparsers.add_parser(
        "spec",
        help="show the rules of an object type or form",
        description="Show the rules of an object type or of one of its forms, their conditions "
        "and examples; as SVG or HTML, with railroad pictures.",
    )
    parser.add_argument(
        "kind",
        nargs="?",
        choices=spec().kinds(),
        help="an object type or form; by default, all names",
    )
    parser.add_argument("--svg", type=Path, metavar="FILE", help="write the railroad pictures")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page about the type")
    parser.add_argument("--no-color", action="store_true", help="plain text")


def run(args: argparse.Namespace) -> int:
    """Print the rules, or write the given files; with 2 when a file cannot be written."""
    if args.kind is None:
        for name in spec().kinds():
            comment = own_rules(name)[0].comment or f"A form of {object_type(name)}."
            print(f"{name:14}{comment}")
        return 0
    for file, drawn in ((args.svg, rules_svg), (args.html, rules_html)):
        if file is not None:
            if not written("spec", file, drawn(args.kind)):
                return 2
            print(f"wrote {file}")
    if args.svg is None and args.html is None:
        print(rules_text(args.kind, ink_for(sys.stdout, colours=not args.no_color)))
    return 0


def rules_text(kind: str, ink: Ink) -> str:
    """The rules of a kind, their conditions and examples, for a terminal."""
    own, borrowed = own_rules(kind), borrowed_rules(kind)
    lines = [f"{ink.bold(kind)}  {own[0].comment}", ""]
    for rule in own:
        lines += _rule(rule, ink, comment=rule is not own[0])
    if borrowed:
        lines += ["", ink.dim("needs, from other pages")]
        for rule in borrowed:
            lines += _rule(rule, ink)
    page = spec().page(kind)
    if page.accepted:
        lines += ["", ink.bold("sentences")]
        lines += [line for example in page.accepted for line in _accepted(example, ink)]
    if page.refused:
        lines += ["", ink.bold("refused")]
        lines += [line for example in page.refused for line in _refused(example, ink)]
    return "\n".join(lines)


def _rule(rule: Rule, ink: Ink, *, comment: bool = True) -> list[str]:
    lines = [ink.dim(f"  {rule.comment}")] if comment and rule.comment else []
    lines.append(f"  {_coloured(rule.text, ink)}")
    return lines + [f"      {ink.dim('where:')} {condition}" for condition in rule.conditions]


def _coloured(text: str, ink: Ink) -> str:
    """A rule as the spec writes it, tokens and blocks in their colours."""
    blocks = {block.name for block in vocabulary.blocks} - set(spec().rules)

    def shade(match: re.Match[str]) -> str:
        word = match.group()
        if word.startswith('"'):
            return ink.block(word, vocabulary.block_of(vocabulary.id(word[1:-1])).name)
        return ink.block(word, word) if word in blocks else word

    return re.sub(r'"[^"]*"|[a-z]\w*', shade, text)


def _accepted(example: Accepted, ink: Ink) -> list[str]:
    lines = [f"  {example.meaning}"] if example.meaning else []
    return [*lines, f"      {_names(explain_freely(example.ids), ink)}"]


def _refused(example: Refused, ink: Ink) -> list[str]:
    tokens = explain_freely(example.ids)
    before = sum(len(token.name) + 1 for token in tokens[: example.position])
    why = example.why or "not allowed there"
    broken = "" if example.reason == "expected" else ink.dim(f"  where: {example.reason}")
    return [
        f"  {why}{broken}",
        f"      {_names(tokens, ink)}",
        f"      {' ' * before}{ink.fault('^')}",
    ]


def _names(tokens: tuple[Explained, ...], ink: Ink) -> str:
    return " ".join(ink.block(token.name, token.block) for token in tokens)
