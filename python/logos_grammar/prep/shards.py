"""Objects to shards and back: no file of texts on the way, any mixture of object types."""

from __future__ import annotations

import json
import os
import tempfile
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

import numpy as np
import numpy.typing as npt

from logos_grammar import registry
from logos_grammar.codec import encode, encode_many
from logos_grammar.encoded import Encoded
from logos_grammar.formats.compressed import InputError
from logos_grammar.kinds import FORMS, OBJECT_TYPES, openings
from logos_grammar.prep.files import (
    Measured,
    alone_in,
    check_name,
    check_writable,
    drafts_of,
    settle_folder,
    write_whole,
)
from logos_grammar.prep.index import write_index
from logos_grammar.prep.kept_rows import WORK, KeptRows
from logos_grammar.prep.manifest import MANIFEST, Output
from logos_grammar.prep.meta import Cell, by_name, listed
from logos_grammar.prep.readers.parquet import arrow
from logos_grammar.prep.side_car import COLUMNS, SideCar
from logos_grammar.version import __version__
from logos_grammar.vocabulary import vocabulary

_EOS = vocabulary.id("<eos>")
_ENDINGS = (".bin", ".idx", ".parquet")


class Shards:
    """Writes objects as one shard, with a table of what the caller says of each.

    Nothing is there under its name until the end: where the block that holds the writer is left by
    an exception, the folder is as it was. The same objects in the same order give the same bytes.

    Parameters
    ----------
    out
        The folder to write in, new or without shards. It gets `{name}.bin` and `{name}.idx`
        (Megatron, uint16, one document for each sentence, with `<eos>` behind it),
        `{name}.parquet` (record from 1, kind, tokens, and the columns of `meta`) and, last,
        `manifest.json`. Models read such a folder as one of `prepare`.
    name
        The name of the files without their endings.
    resume
        Keep rows on the disk as they come, in the folder `work`, and go on behind those that an
        earlier writer kept there before it was cut: `len(shards)` is how many there are, and
        `shards.resumed` how many of them were kept. After an exception nothing is lost; after a
        kill or a loss of power the rows of the last part, at most 4,096, may be.

    Raises
    ------
    InputError
        If the folder cannot be written in, has shards or a file of their names, another process
        writes in it, the rows that are kept there are damaged or of another vocabulary, or `name`
        is not the name of a file.
    TypeError
        If `name` is not text.

    Examples
    --------
    >>> import tempfile
    >>> import logos_grammar as lg
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with lg.prep.Shards(folder) as shards:
    ...         row = shards.add(lg.protein.Protein("MK"), meta={"label": 0.5})
    ...     written = lg.prep.ShardReader(folder)
    ...     written[row], written.meta(row)["label"]
    (Protein(sequence='MK'), 0.5)

    A script that is run again after a cut goes on where it was:

    >>> proteins = [lg.protein.Protein(text) for text in ("MK", "ML", "MM")]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with lg.prep.Shards(folder, resume=True) as shards:
    ...         for protein in proteins[len(shards) :]:
    ...             row = shards.add(protein)
    ...     len(lg.prep.ShardReader(folder))
    3
    """

    def __init__(
        self, out: str | os.PathLike[str], *, name: str = "objects", resume: bool = False
    ) -> None:
        check_name(name)
        arrow()
        self._out, self._name = Path(out), name
        try:
            self._out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"cannot make the folder {self._out}: {error.strerror}") from error
        self._open = ExitStack()
        try:
            self._open.enter_context(alone_in(self._out))
            check_writable(self._out / f"{name}.parquet")
            own = {f"{name}{ending}" for ending in _ENDINGS}
            there = {each.name for each in self._out.iterdir() if _is_of_shards(each, own)}
            if resume and MANIFEST not in there:
                # What a writer that was cut at its end had finished is written again.
                there -= {WORK, *own} if WORK in there else set()
            elif there == {WORK}:
                raise InputError(
                    f"expected no rows of an earlier writer in {self._out}, found {WORK}: "
                    "resume=True goes on behind them"
                )
            if there:
                found = ", ".join(sorted(there))
                raise InputError(f"expected no shards in {self._out}, found {found}")
            self._remove_drafts()
            self._ids = self._open.enter_context(_nameless(self._out))
            self._side_car = self._open.enter_context(SideCar(self._out))
        except BaseException:
            self._open.close()
            raise
        self._kinds: Counter[str] = Counter()
        self._lengths = array("i")
        self._count = 0
        self._tokens = 0
        self._closed = False
        self._kept: KeptRows | None = None
        if resume:
            try:
                kept = KeptRows(self._out / WORK, name=name)
                for ids, lengths, meta in kept.read():
                    self._add(ids, lengths, meta)
            except BaseException:
                self._open.close()
                raise
            self._kept = kept
        self._resumed = self._count

    def __enter__(self) -> Self:
        """Return the writer itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write the files; after an exception nothing but the rows that are kept."""
        if kind is None:
            self.close()
        elif not self._closed:
            self._abandon(())

    def __len__(self) -> int:
        """Return how many objects were added, those that an earlier writer kept included."""
        return self._count

    def __repr__(self) -> str:
        resumed = f", {self._resumed} of them resumed" if self._kept is not None else ""
        return f"<Shards in {self._out}, {self._count} rows{resumed}>"

    @property
    def resumed(self) -> int:
        """How many rows an earlier writer kept."""
        return self._resumed

    def add(self, obj: object, *, meta: Mapping[str, Cell] | None = None) -> int:
        """Add an object of the spec or of a declared type.

        Parameters
        ----------
        obj
            The object.
        meta
            What the side-car holds of it, by column: str, int, float, bool or None. A column that
            an object has and others have not is null there.

        Returns
        -------
        int
            Its row, from 0: `ShardReader` has it there.

        Raises
        ------
        GrammarError
            When the object breaks a rule of its type; it is then not added.
        TypeError
            When it is not an object of the grammar, `meta` is not a mapping by names, or a cell has
            another type than its column.
        ValueError
            When a column of `meta` has a name that the side-car uses itself, a text has no UTF-8,
            an integer beyond 2**53 is in a column of floats, or the writer is closed.
        """
        self._check_open()
        ids = encode(obj)
        columns = {name: [cell] for name, cell in by_name(meta).items()}
        self._new(Encoded(ids, np.array([0, len(ids)])), columns)
        return self._count - 1

    def add_many(
        self, objects: Iterable[object], *, meta: Mapping[str, Sequence[Cell]] | None = None
    ) -> range:
        """Add objects, encoded on all cores; all of them or, on an error, none.

        Parameters
        ----------
        objects
            The objects.
        meta
            Columns of the side-car, each with a cell for every object.

        Returns
        -------
        range
            Their rows, from 0.

        Raises
        ------
        GrammarError, TypeError, ValueError
            As `add`; a `GrammarError` has the number of the object, from 0, as ``record``.
        """
        self._check_open()
        encoded = encode_many(objects)
        columns = {name: listed(name, cells) for name, cells in by_name(meta).items()}
        for name, cells in columns.items():
            if len(cells) != len(encoded):
                raise ValueError(
                    f"expected {len(encoded)} cells in column {name!r}, found {len(cells)}"
                )
        self._new(encoded, columns)
        return range(self._count - len(encoded), self._count)

    def close(self) -> None:
        """Write the files; nothing can be added after that, and to close again does nothing.

        On an error none of the files stays, and rows that are kept are there for `resume`.
        """
        if self._closed:
            return
        files: dict[str, Output] = {}
        try:
            writers = (self._write_ids, self._write_index, self._side_car.write)
            for ending, write in zip(_ENDINGS, writers, strict=True):
                with write_whole(self._out / f"{self._name}{ending}") as file:
                    measured = Measured(file)
                    write(measured)
                    files[f"{self._name}{ending}"] = measured.output()
            settle_folder(self._out)
            with write_whole(self._out / MANIFEST) as file:
                text = json.dumps(self._manifest(files), indent=2, ensure_ascii=False)
                file.write(f"{text}\n".encode())
        except BaseException:
            self._abandon(files)
            raise
        self._closed = True
        with self._open:
            settle_folder(self._out)
            self._remove_drafts(of_any_machine=True)
            if self._kept is not None:
                self._kept.remove()

    def _remove_drafts(self, *, of_any_machine: bool = False) -> None:
        """Remove what a writer that was killed while it closed left of its files."""
        names = {MANIFEST, *(f"{self._name}{ending}" for ending in _ENDINGS)}
        for draft in drafts_of(self._out, names.__contains__, of_any_machine=of_any_machine):
            draft.unlink(missing_ok=True)

    def _abandon(self, files: Iterable[str]) -> None:
        """Close without shards: remove files that were written, keep what is to be kept."""
        self._closed = True
        with self._open:
            for name in files:
                (self._out / name).unlink(missing_ok=True)
            if self._kept is not None:
                self._kept.flush()

    def _check_open(self) -> None:
        if self._closed:
            raise ValueError(f"expected a writer that is open, the one in {self._out} is closed")

    def _manifest(self, files: Mapping[str, Output]) -> dict[str, object]:
        types = {each.kind: each.fingerprint for each in registry.types()}
        counts = {"written": self._count, "tokens": self._tokens}
        return {
            "fingerprint": vocabulary.fingerprint,
            "lineage": vocabulary.lineage,
            "version": __version__,
            "types": {kind: types[kind] for kind in sorted(self._kinds) if kind in types},
            "files": {
                name: {"size": one.size, "sha256": one.sha256} for name, one in files.items()
            },
            "counts": {**counts, "kinds": dict(sorted(self._kinds.items()))},
        }

    def _new(self, encoded: Encoded, meta: dict[str, list[Cell]]) -> None:
        """Add rows, and keep them where the writer may be cut."""
        ids = np.insert(encoded.ids, encoded.offsets[1:], _EOS)
        lengths = (np.diff(encoded.offsets) + 1).astype(np.int32)
        self._add(ids, lengths, meta)
        if self._kept is not None:
            self._kept.add(ids, lengths, meta)

    def _add(
        self,
        ids: npt.NDArray[np.uint16],
        lengths: npt.NDArray[np.int32],
        meta: Mapping[str, Sequence[Cell]],
    ) -> None:
        """Add sentences with `<eos>` behind each."""
        begins = np.cumsum(lengths) - lengths
        kinds = [_kind_of(opening) for opening in ids[begins].tolist()]
        records: Sequence[object] = range(self._count + 1, self._count + 1 + len(kinds))
        own = dict(zip(COLUMNS, ([*records], kinds, lengths.tolist()), strict=True))
        self._side_car.add(own, meta)
        self._ids.write(ids.astype("<u2", copy=False).data)
        self._lengths.frombytes(lengths.tobytes())
        self._kinds.update(kinds)
        self._count += len(kinds)
        self._tokens += len(ids)

    def _write_ids(self, file: Measured) -> None:
        self._ids.seek(0)
        while piece := self._ids.read(1 << 22):
            file.write(piece)

    def _write_index(self, file: Measured) -> None:
        write_index(file, [np.array(self._lengths, np.int32)])


def _nameless(folder: Path) -> BinaryIO:
    """A file that is gone when it is closed, whatever happens."""
    return cast(BinaryIO, tempfile.TemporaryFile(dir=folder))


def _is_of_shards(path: Path, own: Collection[str]) -> bool:
    return path.suffix in (".bin", ".idx") or path.name in (MANIFEST, WORK, *own)


@cache
def _kinds() -> dict[int, str]:
    """The kind of each id that begins a sentence: a form where there is one."""
    return {opening: kind for kind in (*OBJECT_TYPES, *FORMS) for opening in openings(kind)}


def _kind_of(opening: int) -> str:
    declared = registry.of_token(opening)
    return _kinds()[opening] if declared is None else declared.kind
