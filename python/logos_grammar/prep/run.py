"""A plan carried out: from files to shards, and on from where an earlier run was stopped."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path

from logos_grammar.formats.compressed import InputError, Stream
from logos_grammar.prep.chunk import CHUNK, Chunk, Task, digest, make, read_chunk
from logos_grammar.prep.files import alone_in, check_output
from logos_grammar.prep.folder import ADVICE, begin, check_inputs, check_same, clear
from logos_grammar.prep.manifest import MANIFEST, Counts, Manifest, read_manifest
from logos_grammar.prep.merge import merge, parts_of
from logos_grammar.prep.plan import Plan, Source
from logos_grammar.prep.producer import producer_named
from logos_grammar.prep.readers.parquet import arrow
from logos_grammar.prep.workers import workers_for


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a run is.

    Attributes
    ----------
    position
        Bytes of the files that are done.
    size
        Bytes of all files.
    counts
        What became of the records so far.
    resumed
        Bytes of the files that an earlier run had done.
    merging
        Whether all records are done and the shards are being put together.
    """

    position: int
    size: int
    counts: Counts
    resumed: int = 0
    merging: bool = False


OnProgress = Callable[[Progress], None]
"""What is told after each chunk how far the run is."""


def run(plan: Plan, *, out: Path, workers: int, on_progress: OnProgress | None = None) -> Manifest:
    """Carry out a plan, or what is left of it.

    Parameters
    ----------
    plan
        What to do.
    out
        The folder to write in.
    workers
        How many processes do the work.
    on_progress
        Told after each chunk how far the run is.

    Raises
    ------
    InputError
        If the folder cannot be written in, holds something else or is damaged, another process
        writes in it, or a file has changed.
    RuntimeError
        If a worker process was ended from outside.
    """
    if workers < 1:
        raise InputError(f"expected 1 worker or more, got {workers}")
    arrow()
    check_inputs(plan, out)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make the folder {out}: {error.strerror}") from error
    with alone_in(out):
        done = _finished(plan, out)
        if done is None:
            work = begin(plan, out)
            try:
                chunks, digests = _chunks(plan, work, workers, on_progress or _ignore)
            except BrokenProcessPool as error:
                raise RuntimeError("a worker process was ended from outside") from error
            done = merge(plan, parts_of(chunks), digests=digests, out=out)
        clear(plan, out)
    return done


def _finished(plan: Plan, out: Path) -> Manifest | None:
    """Return the manifest that a finished run of the same plan left."""
    path = out / MANIFEST
    if not path.exists():
        return None
    manifest = read_manifest(path)
    check_same(manifest.plan, plan.as_json(), out)
    for one in manifest.inputs:
        with Stream(one.path) as stream:
            if stream.digest() != one.sha256:
                raise InputError(f"{out} was prepared before {one.path} changed: {ADVICE}")
    for name, wanted in manifest.files.items():
        advice = f"delete {out} and run the same command again"
        check_output(out / name, wanted, verify=True, advice=advice)
    return manifest


def _chunks(
    plan: Plan, work: Path, workers: int, on_progress: OnProgress
) -> tuple[list[tuple[int, Path, Chunk]], list[str]]:
    """Make all chunks that are not there yet; return all, and the digest of each source."""
    made: list[tuple[int, Path, Chunk]] = []
    digests: list[str] = []
    # The oldest is waited for, so that few blocks are in memory, however many there are.
    pending: deque[tuple[int, Path, int, Future[Chunk]]] = deque()
    size = sum(source.size for source in plan.sources)
    progress = Progress(position=0, size=size, counts=Counts())
    found: list[os.stat_result] = []

    def settle(left: int) -> None:
        nonlocal progress
        while len(pending) > left:
            source, path, position, future = pending.popleft()
            chunk = future.result()
            made.append((source, path, chunk))
            counts = progress.counts + chunk.counts()
            progress = replace(progress, position=position, counts=counts)
            on_progress(progress)

    with workers_for(make, workers) as submit:
        before = 0
        for place, source in enumerate(plan.sources):
            found.append(os.stat(source.path))
            with Stream(source.path) as stream:
                for task in _tasks(plan, place, stream, work):
                    position = before + stream.position
                    chunk = read_chunk(task.path)
                    if chunk is None:
                        future = submit(task)
                    elif chunk.digest == digest(task.block):
                        future = Future()
                        future.set_result(chunk)
                        progress = replace(progress, resumed=position)
                    else:
                        raise InputError(
                            f"{source.path} has changed since {work.parent} was begun: {ADVICE}"
                        )
                    pending.append((place, task.path, position, future))
                    settle(2 * workers)
                digests.append(stream.digest())
                if stream.position != source.size:
                    raise InputError(_changed(source, stream.position))
                before += source.size
        settle(0)
    on_progress(replace(progress, position=progress.size, merging=True))
    for source, was in zip(plan.sources, found, strict=True):
        now = os.stat(source.path)
        if (now.st_size, now.st_mtime_ns) != (source.size, was.st_mtime_ns):
            raise InputError(_changed(source, now.st_size))
    return made, digests


def _changed(source: Source, size: int) -> str:
    return (
        f"{source.path} changed while it was read, from {source.size} bytes to {size}: wait until "
        "nothing writes to it, and prepare it in another folder"
    )


def _tasks(plan: Plan, place: int, stream: Stream, work: Path) -> Iterator[Task]:
    source = plan.sources[place]
    blocks = producer_named(source.format).blocks(
        source.path, stream, source.layout, plan.chunk_bytes
    )
    for number, block in enumerate(blocks):
        yield Task(
            path=work / f"{place:06}-{number:08}{CHUNK}",
            format=source.format,
            layout=source.layout,
            options=plan.options,
            first=number == 0,
            block=block,
        )


def _ignore(progress: Progress) -> None:
    return None
