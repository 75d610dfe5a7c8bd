"""`check`: how much of a file comes through, what does not, and why."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from logos_grammar.commands.inputs import (
    add_input_options,
    kept_stdin,
    losses,
    readings,
    tables,
    told,
)
from logos_grammar.prep import CHUNK_BYTES, InputError, Options
from logos_grammar.prep.audit import Audit, Finding, audit, kind_of, together
from logos_grammar.prep.batch import family
from logos_grammar.prep.plan import plan_of, sources_of
from logos_grammar.prep.readers import TableOptions

_SHOWN_LINES = 5
_SHOWN_TEXT = 60


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "check",
        help="say how much of a file comes through",
        description="Read files as prep does, encode each record, decode it and encode it again, "
        "and say how many came back the same and why others did not. Exit status 0: all did.",
    )
    parser.add_argument("inputs", nargs="+", metavar="FILE", help="files to read; - for stdin")
    add_input_options(parser, kind_required=False)
    parser.add_argument(
        "--rdkit",
        action="store_true",
        help="let RDKit compare canonical isomeric SMILES and CIP labels before and after; SDF and "
        "RXN files with the atoms that it reads in them",
    )
    parser.add_argument("--json", action="store_true", help="write everything as JSON")


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    table_options = TableOptions(
        column=args.column,
        header=args.header,
        words=args.words,
        incomplete=args.incomplete,
        scheme=args.scheme,
        poses=args.poses,
    )
    audits = []
    try:
        with (
            TemporaryDirectory() as folder,
            told("check"),
            kept_stdin(args.inputs, format=args.format, folder=Path(folder)) as kept,
        ):
            for path, name in zip(kept, args.inputs, strict=True):
                kind = args.kind or kind_of(path, format=args.format, table_options=table_options)
                sources = sources_of(
                    [path], kind=kind, format=args.format, table_options=table_options
                )
                options = Options(kind=kind, **losses(args), **readings(args), **tables(args))
                plan = plan_of(sources, options=options, chunk_bytes=CHUNK_BYTES)
                each = [
                    audit(source, options=options, chunk_bytes=CHUNK_BYTES, rdkit=args.rdkit)
                    for source in plan.sources
                ]
                one = together(each, path) if os.path.isdir(path) or len(each) > 1 else each[0]
                audits.append(replace(one, path=name))
    except InputError as error:
        print(f"logos_grammar check: {error}", file=sys.stderr)
        return 2
    if args.json:
        found = [{**asdict(one), "passed": one.passed} for one in audits]
        print(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        print("\n\n".join(map(_report, audits)))
    return 0 if all(one.passed for one in audits) else 1


def _report(found: Audit) -> str:
    """Return the table of one file: counts, then each reason with the first lines it is on."""
    compared = f", {found.compared:,} of them compared by RDKit" if found.compared else ""
    lines = [
        f"{found.path} ({found.kind})",
        f"  {found.read:>9,} read",
        f"  {found.round_tripped:>9,} round-tripped{compared}",
        f"  {len(found.refused):>9,} refused",
        *_reasons(found.refused),
        f"  {len(found.changed):>9,} changed",
        *_reasons(found.changed),
    ]
    if found.left_out:
        lines += [f"  {len(found.left_out):>9,} left out of them", *_reasons(found.left_out)]
    return "\n".join(lines)


def _reasons(findings: Sequence[Finding]) -> list[str]:
    grouped: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        grouped[family(finding.reason)].append(finding)
    lines = []
    for reason, group in sorted(grouped.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        lines.append(f"  {len(group):>9,}   {reason}: {_where(group)}")
        if group[0].text:
            lines.append(f"              {_pointed(group[0])}")
    return lines


def _where(group: Sequence[Finding]) -> str:
    """Return where the first findings of a group are: in which files, or on which lines."""
    if group[0].member is not None:
        noun, places = "", [_within(one) for one in group]
    elif group[0].line is not None:
        noun, places = "line", [str(one.line) for one in group]
    else:
        noun, places = "record", [str(one.record) for one in group]
    plural = "s" if noun and len(places) > 1 else ""
    more = ", …" if len(places) > _SHOWN_LINES else ""
    return f"{noun}{plural} {', '.join(places[:_SHOWN_LINES])}{more}".strip()


def _within(finding: Finding) -> str:
    line = "" if finding.line is None else f" line {finding.line}"
    return f"{finding.member}{line}"


def _pointed(finding: Finding) -> str:
    """Return the text of a finding, shortened, with a mark before the wrong character."""
    text, at = finding.text, finding.position
    if at is None:
        return text if len(text) <= _SHOWN_TEXT else text[:_SHOWN_TEXT] + "…"
    begin = max(0, min(at - _SHOWN_TEXT // 2, len(text) - _SHOWN_TEXT))
    end = begin + _SHOWN_TEXT
    before, after = "…" if begin else "", "…" if end < len(text) else ""
    return f"{before}{text[begin:at]}»{text[at:end]}{after}"
