"""`prep`: files of records become shards of token ids."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from logos_grammar.commands.inputs import (
    add_input_options,
    add_projections,
    kept_stdin,
    losses,
    projections,
    readings,
    tables,
    told,
)
from logos_grammar.prep import InputError, Manifest, prepare
from logos_grammar.prep.progress import ProgressLine
from logos_grammar.prep.workers import usable_cores

_REASONS = 12


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "prep",
        help="turn files into shards of token ids",
        description="Turn lists of SMILES or sequences, CSV, TSV, JSON lines, Parquet, SDF, RXN, "
        "FASTA, PDB and mmCIF, each also compressed, folders of them, and tars of structures and "
        "SDF into Megatron shards of uint16 token ids. A run that was stopped continues when the "
        "same command runs again.",
    )
    parser.add_argument(
        "inputs", nargs="+", metavar="INPUT", help="files and folders to read; - for stdin"
    )
    parser.add_argument("--out", required=True, metavar="DIR", help="the folder to write in")
    add_input_options(parser, kind_required=True)
    add_projections(parser)
    parser.add_argument(
        "--carry",
        action="append",
        metavar="NAME[:TYPE]",
        help="a column that goes along into the table of the sentences, such as label:float; the "
        "type is str, int, float or bool, otherwise str; may be said several times",
    )
    parser.add_argument(
        "--workers", type=int, metavar="N", help="processes; otherwise one for each core"
    )
    parser.add_argument(
        "--chunk-bytes", type=int, metavar="N", help="bytes of a unit of work (default 4 MiB)"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress line, no summary")


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    given: dict[str, Any] = {
        **losses(args),
        **readings(args),
        **projections(args),
        **tables(args),
    }
    if args.chunk_bytes is not None:
        given["chunk_bytes"] = args.chunk_bytes
    try:
        given["carried"] = _carried(args.carry or ())
        folder = Path(args.out)
        with told("prep"), kept_stdin(args.inputs, format=args.format, folder=folder) as inputs:
            manifest = prepare(
                inputs,
                kind=args.kind,
                out=args.out,
                column=args.column,
                format=args.format,
                header=args.header,
                poses=args.poses,
                workers=usable_cores() if args.workers is None else args.workers,
                on_progress=None if args.quiet else ProgressLine(sys.stderr),
                **given,
            )
    except InputError as error:
        print(f"logos_grammar prep: {error}", file=sys.stderr)
        return 2
    except (OSError, RuntimeError) as error:
        print(
            f"\nlogos_grammar prep: {error}; when that is mended, the same command goes on",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print("\nlogos_grammar prep: stopped; the same command goes on", file=sys.stderr)
        return 130
    if not args.quiet:
        # A folder may have a name that is not text.
        print(_summary(manifest, os.fsencode(args.out).decode("utf-8", "backslashreplace")))
    return 0 if manifest.counts.written or not manifest.counts.read else 1


def _carried(given: Iterable[str]) -> dict[str, str]:
    """Return the types of carried columns by their names."""
    pairs = [one.rpartition(":") if ":" in one else (one, ":", "str") for one in given]
    types = {name: kind for name, _, kind in pairs}
    if len(types) < len(pairs):
        raise InputError(f"expected each column to carry once, got {', '.join(given)}")
    return types


def _summary(manifest: Manifest, out: str) -> str:
    counts = manifest.counts
    lines = [
        f"{counts.read:,} records read, {counts.written:,} written, {counts.refused:,} refused, "
        f"{counts.tokens:,} tokens",
        f"{out}: " + ", ".join(f"{name} {one.size:,} B" for name, one in manifest.files.items()),
    ]
    reasons = list(manifest.reasons.items())
    lines += [f"  {count:>9,} refused: {reason}" for reason, count in reasons[:_REASONS]]
    if len(reasons) > _REASONS:
        lines.append(f"  {len(reasons) - _REASONS} more reasons in refused.jsonl")
    return "\n".join(lines)
