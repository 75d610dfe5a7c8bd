"""The finished chunks of a plan, put together in their order."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from logos_grammar.formats.compressed import InputError
from logos_grammar.prep.batch import family
from logos_grammar.prep.chunk import (
    Chunk,
    copy_ids,
    read_carried,
    read_chunk,
    read_joined,
    read_lengths,
    read_refusals,
    read_rows,
)
from logos_grammar.prep.files import Measured, settle_folder, write_whole
from logos_grammar.prep.index import write_index
from logos_grammar.prep.manifest import MANIFEST, Counts, Input, Manifest, Output
from logos_grammar.prep.plan import Plan, Source
from logos_grammar.prep.readers.parquet import arrow
from logos_grammar.prep.side_car import ROW_GROUP
from logos_grammar.vocabulary import vocabulary


@dataclass(frozen=True, kw_only=True)
class Part:
    """A finished chunk and where it comes from.

    Attributes
    ----------
    path
        The chunk file.
    chunk
        What it says of itself.
    source
        The place of its file in the plan.
    first_record
        The number of its first record in the file, from 1.
    first_line
        The number of its first line in the file, from 1.
    """

    path: Path
    chunk: Chunk
    source: int
    first_record: int
    first_line: int


def parts_of(chunks: Iterable[tuple[int, Path, Chunk]]) -> list[Part]:
    """Number the records and lines of finished chunks through.

    Parameters
    ----------
    chunks
        Place of the source in the plan, chunk file, and what it says of itself, in order.
    """
    parts: list[Part] = []
    for source, path, chunk in chunks:
        last = parts[-1] if parts and parts[-1].source == source else None
        parts.append(
            Part(
                path=path,
                chunk=chunk,
                source=source,
                first_record=1 if last is None else last.first_record + last.chunk.records,
                first_line=1 if last is None else last.first_line + last.chunk.newlines,
            )
        )
    return parts


def merge(plan: Plan, parts: list[Part], *, digests: list[str], out: Path) -> Manifest:
    """Write the shards, the files beside them, and last the manifest.

    Parameters
    ----------
    plan
        The plan of the preparation.
    parts
        The chunks, in order.
    digests
        The SHA-256 of each source.
    out
        The folder to write in.

    Raises
    ------
    InputError
        If a chunk file is not as it was written.
    """
    for part in parts:
        if read_chunk(part.path) != part.chunk:
            raise InputError(f"{part.path} is not as it was written: run the same command again")
    kind = plan.options.kind
    reasons: Counter[str] = Counter()
    files: dict[str, Output] = {}
    for name, write in (
        (f"{kind}.bin", partial(_write_ids, parts=parts)),
        (f"{kind}.idx", partial(_write_index, parts=parts)),
        (f"{kind}.parquet", partial(_write_rows, plan=plan, parts=parts)),
        ("refused.jsonl", partial(_write_refusals, plan=plan, parts=parts, reasons=reasons)),
    ):
        with write_whole(out / name) as file:
            measured = Measured(file)
            write(measured)
            files[name] = measured.output()
    settle_folder(out)
    counts = [Counts() for _ in plan.sources]
    for part in parts:
        counts[part.source] += part.chunk.counts()
    inputs = tuple(map(_input, plan.sources, digests, counts))
    manifest = Manifest(
        fingerprint=plan.fingerprint,
        version=plan.version,
        options=plan.options,
        files=files,
        counts=sum((one.counts for one in inputs), Counts()),
        reasons=dict(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))),
        inputs=inputs,
        plan=plan.as_json(),
        lineage=vocabulary.lineage,
    )
    with write_whole(out / MANIFEST) as file:
        file.write(manifest.to_json().encode())
    settle_folder(out)
    return manifest


def _write_ids(file: Measured, *, parts: list[Part]) -> None:
    for part in parts:
        copy_ids(part.path, file)


def _write_index(file: Measured, *, parts: list[Part]) -> None:
    write_index(file, (read_lengths(part.path) for part in parts))


def _write_rows(file: Measured, *, plan: Plan, parts: list[Part]) -> None:
    """Write the side-car: of each sentence its source, record, kind and length in tokens.

    Of a conformer also of how many records it has the poses, of which `record` is the first.
    """
    pa = arrow()
    is_joined = plan.options.kind == "conformer"
    types = {"str": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_()}
    schema = pa.schema(
        [
            ("source", pa.string()),
            ("record", pa.int64()),
            ("kind", pa.string()),
            ("tokens", pa.int32()),
            *([("records", pa.int32())] if is_joined else ()),
            *((name, types[found]) for name, found in plan.options.carried.items()),
        ]
    )
    rows = _Rows(pa=pa, schema=schema)
    with pa.parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for part in parts:
            carried = read_carried(part.path)
            rows.add(
                pa.table(
                    [
                        pa.repeat(plan.sources[part.source].path, part.chunk.written),
                        pa.array(read_rows(part.path) + part.first_record),
                        pa.repeat(plan.options.kind, part.chunk.written),
                        pa.array(read_lengths(part.path)),
                        *([pa.array(read_joined(part.path))] if is_joined else ()),
                        *(
                            pa.array(carried[name], types[found])
                            for name, found in plan.options.carried.items()
                        ),
                    ],
                    schema=schema,
                )
            )
            while group := rows.take(ROW_GROUP):
                writer.write_table(group, row_group_size=ROW_GROUP)
        if group := rows.take(0):
            writer.write_table(group, row_group_size=ROW_GROUP)


@dataclass
class _Rows:
    """Rows held until a row group is full, so that groups do not depend on chunks."""

    pa: Any
    schema: Any
    held: list[Any] = field(default_factory=list)

    def add(self, table: Any) -> None:
        self.held.append(table)

    def take(self, count: int) -> Any:
        """Return `count` rows when there are as many, with 0 all there are; else None."""
        total = sum(table.num_rows for table in self.held)
        if total < max(count, 1):
            return None
        table = self.pa.concat_tables(self.held)
        taken = count or total
        self.held = [table.slice(taken)]
        return table.slice(0, taken).combine_chunks()


def _write_refusals(
    file: Measured, *, plan: Plan, parts: list[Part], reasons: Counter[str]
) -> None:
    """Write the refused records and count why they were."""
    for part in parts:
        if not part.chunk.refused:
            continue
        for refusal in read_refusals(part.path):
            reasons[family(refusal.reason)] += 1
            line = None if refusal.line is None else part.first_line + refusal.line
            found = {
                "source": plan.sources[part.source].path,
                **({} if refusal.member is None else {"member": refusal.member}),
                **({} if refusal.block is None else {"block": refusal.block}),
                "record": part.first_record + refusal.row,
                "line": line,
                "reason": refusal.reason,
                "position": refusal.position,
                "text": refusal.text,
            }
            file.write(json.dumps(found, ensure_ascii=False).encode() + b"\n")


def _input(source: Source, digest: str, counts: Counts) -> Input:
    return Input(
        path=source.path,
        size=source.size,
        sha256=digest,
        format=source.format,
        column=source.layout.column,
        counts=counts,
    )
