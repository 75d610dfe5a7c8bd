"""`check`: how much of a file comes through, what does not, and why."""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from logos_grammar.commands.inputs import add_input_options, kept_stdin, losses, readings, tables
from logos_grammar.prep import CHUNK_BYTES, InputError, Options
from logos_grammar.prep.audit import Audit, Finding, audit, kind_of
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
    )
    audits = []
    try:
        with TemporaryDirectory() as folder:
            kept = kept_stdin(args.inputs, format=args.format, folder=Path(folder))
            for path, name in zip(kept, args.inputs, strict=True):
                kind = args.kind or kind_of(path, format=args.format, table_options=table_options)
                sources = sources_of(
                    [path], kind=kind, format=args.format, table_options=table_options
                )
                options = Options(kind=kind, **losses(args), **readings(args), **tables(args))
                plan = plan_of(sources, options=options, chunk_bytes=CHUNK_BYTES)
                (source,) = plan.sources
                one = audit(source, options=options, chunk_bytes=CHUNK_BYTES, rdkit=args.rdkit)
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
    return "\n".join(lines)


def _reasons(findings: Sequence[Finding]) -> list[str]:
    grouped: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        grouped[family(finding.reason)].append(finding)
    lines = []
    for reason, group in sorted(grouped.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        where = "line" if group[0].line is not None else "record"
        numbers = [one.record if one.line is None else one.line for one in group]
        shown = ", ".join(map(str, numbers[:_SHOWN_LINES]))
        more = ", …" if len(numbers) > _SHOWN_LINES else ""
        plural = "s" if len(numbers) > 1 else ""
        lines.append(f"  {len(group):>9,}   {reason}: {where}{plural} {shown}{more}")
        lines.append(f"              {_pointed(group[0])}")
    return lines


def _pointed(finding: Finding) -> str:
    """Return the text of a finding, shortened, with a mark before the wrong character."""
    text, at = finding.text, finding.position
    if at is None:
        return text if len(text) <= _SHOWN_TEXT else text[:_SHOWN_TEXT] + "…"
    begin = max(0, min(at - _SHOWN_TEXT // 2, len(text) - _SHOWN_TEXT))
    end = begin + _SHOWN_TEXT
    before, after = "…" if begin else "", "…" if end < len(text) else ""
    return f"{before}{text[begin:at]}»{text[at:end]}{after}"
