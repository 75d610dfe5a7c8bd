"""What a preparation is going to do: two runs with the same plan write the same bytes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from logos_grammar.formats.compressed import InputError, size_of
from logos_grammar.prep.batch import CHEMICAL, KINDS, Options, PrepKind
from logos_grammar.prep.given import files_of
from logos_grammar.prep.manifest import read_object, shown
from logos_grammar.prep.producer import producer_named
from logos_grammar.prep.projections import check_projections
from logos_grammar.prep.readers import ENDINGS, Layout, TableOptions, format_of, format_with_cells
from logos_grammar.prep.readers.foreign import check_opening
from logos_grammar.version import __version__
from logos_grammar.vocabulary import vocabulary

_VERSION = 1
_WITHOUT_COLUMNS = ("lines", "sdf", "rxn", "fasta")


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file to read.

    Attributes
    ----------
    path
        From the root of the file system, with the name that the caller gave: how the caller came to
        the file changes no byte of what is written.
    size
        Its bytes, compressed as it is.
    format
        The name of its format.
    layout
        Where its texts are.
    """

    path: str
    size: int
    format: str
    layout: Layout


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to read and what to make of it.

    Attributes
    ----------
    sources
        The files, in the order in which their sentences are written.
    options
        What their records are to become.
    chunk_bytes
        How much of a file is one unit of work.
    fingerprint
        The vocabulary.
    version
        The version of the grammar.
    """

    sources: tuple[Source, ...]
    options: Options
    chunk_bytes: int
    fingerprint: str
    version: str

    def as_json(self) -> dict[str, Any]:
        """Return what the shards depend on, as JSON holds it."""
        fields = asdict(self)
        del fields["chunk_bytes"]
        return {"plan": _VERSION, **_plain(fields)}

    def to_json(self) -> dict[str, Any]:
        """Return what the chunks depend on, as JSON holds it."""
        return {**self.as_json(), "chunk_bytes": self.chunk_bytes}


def sources_of(
    inputs: Iterable[str | os.PathLike[str]],
    *,
    kind: PrepKind,
    format: str | None,
    table_options: TableOptions,
) -> tuple[Source, ...]:
    """Look at files to see how to read them.

    Parameters
    ----------
    inputs
        Paths of files, folders and lists of paths.
    kind
        The kind of object that they hold.
    format
        The name of their format; None goes by the endings of their names.
    table_options
        What the caller said about them.

    Raises
    ------
    InputError
        If a file is not there, given twice or no regular file, if its name cannot be written
        down, or if it is not clear where its texts are.
    """
    if kind not in KINDS:
        raise InputError(f"expected a kind among {', '.join(KINDS)}, got {kind!r}")
    if format is not None and format not in ENDINGS:
        raise InputError(f"expected a format among {', '.join(ENDINGS)}, got {format!r}")
    _check_poses(table_options.poses, kind)
    if table_options.column is not None:
        _writable(table_options.column, "the name of a column")
    found = []
    places: dict[str, str] = {}
    for named in files_of(inputs, kind=kind, format=format):
        size = size_of(named)
        folder, name = os.path.split(named)
        # The name is kept where it is a link: its ending may say the format.
        path = os.path.join(os.path.realpath(folder), name)
        _writable(path, "the name of a file")
        place = os.path.realpath(named)
        if place in places:
            also = "" if places[place] == named else f", also as {places[place]}"
            raise InputError(f"expected each file once, found {named} twice{also}")
        places[place] = named
        known = format or format_of(named)
        if kind == "antibody" and known in ("csv", "tsv"):
            known = "airr" if table_options.scheme is None else "chains"
        if known in _WITHOUT_COLUMNS:
            check_opening(named)
        if kind == "conformer" and known == "sdf":
            known = "conformers"
        if table_options.carried:
            format_with_cells(known)
        layout = producer_named(known).inspect(named, kind, table_options)
        found.append(Source(path=path, size=size, format=known, layout=layout))
    if not found:
        raise InputError("expected at least one file to read")
    return tuple(found)


def plan_of(sources: tuple[Source, ...], *, options: Options, chunk_bytes: int) -> Plan:
    """Return the plan to read these files with this version of the grammar.

    Raises
    ------
    InputError
        If an option does not go with the kind, or a unit of work is empty.
    """
    if options.fold_case and options.kind in ("molecule", "reaction"):
        raise InputError(f"expected no --fold-case for a {options.kind}: case tells atoms apart")
    check_projections(options)
    if options.na not in (None, "missing", "residues"):
        raise InputError(f"expected missing or residues as --na, got {options.na!r}")
    if options.kind != "antibody" and (options.na is not None or options.incomplete):
        raise InputError(f"expected no --na and no --incomplete for a {options.kind}")
    if options.scheme is not None and options.kind != "antibody":
        raise InputError(f"expected no --scheme for a {options.kind}: it has no regions")
    if options.scheme is None and options.without_leader:
        raise InputError("expected --without-leader with the --scheme that finds the domain")
    if options.scheme is not None and options.na is not None:
        raise InputError("expected no --na with --scheme: a chain of NA is not a domain")
    _check_conformers(options)
    _check_structures(options)
    if options.words not in (None, "names", "tokens"):
        raise InputError(f"expected names or tokens as --words, got {options.words!r}")
    bond = options.fragment_bond
    if bond is not None:
        if options.kind not in CHEMICAL:
            raise InputError(
                f"expected no --fragment-bond for a {options.kind}: it has no fragments"
            )
        if not bond.isascii() or not bond.isprintable() or set(bond) & set(" .>[]|") or not bond:
            raise InputError(f"expected a sign such as ~ as --fragment-bond, got {bond!r}")
    if chunk_bytes < 1:
        raise InputError(f"expected 1 byte or more as --chunk-bytes, got {chunk_bytes}")
    return Plan(
        sources=sources,
        options=options,
        chunk_bytes=chunk_bytes,
        fingerprint=vocabulary.fingerprint,
        version=__version__,
    )


def _check_conformers(options: Options) -> None:
    choices = {"stereo": ("coordinates", "wedges"), "layouts": ("refuse", "keep")}
    for name, known in choices.items():
        if (found := getattr(options, name)) not in known:
            raise InputError(f"expected {' or '.join(known)} as --{name}, got {found!r}")
    losses = ("without_order", "without_title", "without_properties")
    given = [name for name in losses if getattr(options, name)]
    given += [name for name, known in choices.items() if getattr(options, name) != known[0]]
    if given and options.kind != "conformer":
        raise InputError(f"expected no --{given[0].replace('_', '-')} for a {options.kind}")


def _check_poses(poses: int | None, kind: PrepKind) -> None:
    if poses is None:
        return
    if kind != "conformer":
        raise InputError(f"expected no --poses for a {kind}")
    if poses < 1:
        raise InputError(f"expected 1 record or more as --poses, got {poses}")


def _check_structures(options: Options) -> None:
    known = ("refuse", "one")
    if options.blank_occupancy not in known:
        found = options.blank_occupancy
        raise InputError(f"expected {' or '.join(known)} as --blank-occupancy, got {found!r}")
    if options.kind != "structure":
        for name, given in (
            ("blank-occupancy", options.blank_occupancy != known[0]),
            ("without-links", options.without_links),
        ):
            if given:
                raise InputError(f"expected no --{name} for a {options.kind}")


def differences(begun: dict[str, Any], asked: dict[str, Any]) -> list[str]:
    """Say in words what an older and a newer plan do not share."""
    return list(_differences("", begun, asked))


def read_plan(path: Path) -> dict[str, Any]:
    """Return a plan as JSON holds it.

    Raises
    ------
    InputError
        If the file holds something else.
    """
    try:
        return read_object(path)
    except (OSError, ValueError) as error:
        raise InputError(f"{path} is damaged ({error}): delete {path.parent}") from error


def _writable(name: str, noun: str) -> None:
    """Raise `InputError` for a name that manifests and tables cannot hold."""
    try:
        name.encode()
    except UnicodeEncodeError as error:
        shown = os.fsencode(name).decode("utf-8", "backslashreplace")
        raise InputError(f"expected UTF-8 as {noun}, found {shown}: rename it") from error


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    """Return fields as they come back from JSON, tuples as lists."""
    plain: dict[str, Any] = json.loads(json.dumps(fields))
    return plain


def _short(found: Any) -> str:
    """Return a value of a plan in words; a damaged plan may hold anything."""
    return shown(found) if isinstance(found, dict | list) else repr(found)


def _differences(name: str, begun: Any, asked: Any) -> Iterator[str]:
    if isinstance(begun, dict) and isinstance(asked, dict):
        for key in [*begun, *(key for key in asked if key not in begun)]:
            # An option that an earlier version did not have is one that nobody set.
            if key in begun or asked[key]:
                yield from _differences(f"{name} {key}".strip(), begun.get(key), asked.get(key))
    elif isinstance(begun, list) and isinstance(asked, list) and len(begun) == len(asked):
        for number, (one, other) in enumerate(zip(begun, asked, strict=True), 1):
            yield from _differences(f"{name} {number}", one, other)
    elif isinstance(begun, list) and isinstance(asked, list):
        yield f"{name}: {len(begun)} before, {len(asked)} now"
    elif begun != asked:
        yield f"{name}: {_short(begun)} before, {_short(asked)} now"
