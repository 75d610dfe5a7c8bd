"""`python -m logos_grammar`: the command line, one subcommand for each module of `commands`."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from logos_grammar.commands import COMMANDS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit status: 0 well, 1 with findings, 2 not at all."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    parser = argparse.ArgumentParser(
        prog="logos_grammar", description="Scientific objects as sentences of one vocabulary."
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    # Only the command that is asked for is loaded; for a list of all of them, all are.
    asked = [name for name in COMMANDS if given[:1] == [name]] or COMMANDS
    modules = {name: importlib.import_module(f"logos_grammar.commands.{name}") for name in asked}
    for module in modules.values():
        module.add_parser(subparsers)
    args = parser.parse_args(given)
    status: int = modules[args.command].run(args)
    return status


if __name__ == "__main__":
    sys.exit(main())
