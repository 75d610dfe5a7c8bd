"""`python -m logos_grammar export --to ENGINE [KIND]`: the rules in another engine's notation."""

from __future__ import annotations

import argparse

from logos_grammar.grammar.export import to_llguidance, to_xgrammar
from logos_grammar.grammar.spec import spec

_WRITERS = {"xgrammar": to_xgrammar, "llguidance": to_llguidance}


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand and what it takes."""
    parser = subparsers.add_parser(
        "export",
        help="write the rules for another engine",
        description="Write the rules of an object type in the notation of another engine, over "
        "token ids: EBNF for xgrammar, Lark for llguidance. Side conditions are left out, so it "
        "accepts more than sentences.",
    )
    parser.add_argument("--to", choices=_WRITERS, required=True, help="the engine")
    parser.add_argument(
        "kind",
        nargs="?",
        choices=spec().kinds(),
        help="an object type or form; by default, any of them",
    )


def run(args: argparse.Namespace) -> int:
    """Print the rules."""
    print(_WRITERS[args.to](args.kind), end="")
    return 0
