"""`python -m logos_grammar`: the command line, one subcommand for each module of `commands`."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from logos_grammar.commands import COMMANDS

_BROKEN_PIPE = 141
"""Exit status of a program that SIGPIPE ended, as a shell gives it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit status.

    0 for success, 1 with findings, 2 when it could not run, 141 when the reader of its output
    stopped reading.
    """
    try:
        try:
            return _run(arguments)
        finally:
            # What is still held would otherwise fail when the interpreter ends, with a traceback.
            sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes once more, and that must not fail again.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        return _BROKEN_PIPE


def _run(arguments: Sequence[str] | None) -> int:
    given = sys.argv[1:] if arguments is None else list(arguments)
    parser = argparse.ArgumentParser(
        prog="logos_grammar", description="Scientific objects as sentences of one vocabulary."
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    # Only the given command is loaded; for a list of all commands, all are.
    named = [name for name in COMMANDS if given[:1] == [name]] or COMMANDS
    modules = {name: importlib.import_module(f"logos_grammar.commands.{name}") for name in named}
    for module in modules.values():
        module.add_parser(subparsers)
    args = parser.parse_args(given)
    status: int = modules[args.command].run(args)
    return status


if __name__ == "__main__":
    sys.exit(main())
