"""The files that a caller gave: named one by one, by their folder, or in a list of paths."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from warnings import warn

from logos_grammar.formats.compressed import InputError
from logos_grammar.prep.batch import PrepKind
from logos_grammar.prep.readers import ENDINGS, ending_of

__all__ = ["files_of"]

_OF_KIND: Final = {"structure": ("pdb", "mmcif", "tar"), "conformer": ("sdf", "tar")}
_NEVER: Final = frozenset(("pdb", "mmcif", "tar"))
_LISTS: Final = (".txt", ".list", ".lst")
_SHOWN: Final = 3


def files_of(
    inputs: Iterable[str | os.PathLike[str]], *, kind: PrepKind, format: str | None
) -> Iterator[str]:
    """Yield the paths of files.

    Parameters
    ----------
    inputs
        Files and folders. A folder gives the files in it and in its folders, by their paths, whose
        endings are of formats of the kind; what else it holds, and links to files that are not
        there, is not read, and a warning names it.
        Hidden files, which begin with a point, are not of it. For the kinds structure and conformer
        a file with the ending `.txt`, `.list` or `.lst` is a list: on each line a path, from the
        folder of the list.
    kind
        The kind of object.
    format
        The format that the caller named: a folder gives the files with its endings, or all where
        the format has none.

    Raises
    ------
    InputError
        If a folder or a list has no file to read.
    """
    for each in inputs:
        path = os.fspath(each)
        if os.path.isdir(path):
            yield from _files_in(path, kind, format)
        elif kind in _OF_KIND and format is None and ending_of(path) in _LISTS:
            yield from _listed(path, kind)
        else:
            yield path


def endings_of(kind: PrepKind, format: str | None) -> tuple[str, ...]:
    """Return the endings of the files that a folder gives."""
    if format is not None:
        return ENDINGS[format]
    formats = _OF_KIND.get(kind) or [name for name in ENDINGS if name not in _NEVER]
    return tuple(ending for name in formats for ending in ENDINGS[name])


def _files_in(folder: str, kind: PrepKind, format: str | None) -> Iterator[str]:
    endings = endings_of(kind, format)
    every = sorted(_walk(folder))
    dead = [path for path in every if os.path.islink(path) and not os.path.exists(path)]
    gone = set(dead)
    kept: list[str] = []
    others: list[str] = []
    for path in every:
        if path not in gone:
            is_kept = not endings or ending_of(path) in endings
            (kept if is_kept else others).append(path)
    if not kept:
        known = " ".join(endings)
        raise InputError(f"expected files to read in {folder}, with one of the endings {known}")
    for why, left in (("by their endings", others), ("links to files that are not there", dead)):
        if left:
            shown = ", ".join(os.path.relpath(path, folder) for path in left[:_SHOWN])
            more = f" and {len(left) - _SHOWN} more" if len(left) > _SHOWN else ""
            warn(f"not read in {folder}, {why}: {shown}{more}", stacklevel=2)
    yield from kept


def _walk(folder: str) -> Iterator[str]:
    """Yield the files below a folder; links to other folders are not followed."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (os.path.join(place, name) for name in names if not name.startswith("."))


def _listed(path: str, kind: PrepKind) -> Iterator[str]:
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"expected a list of paths in {path}: {error}") from error
    names = [line.strip() for line in lines if line.strip()]
    if not names:
        raise InputError(f"expected a list of paths in {path}, found none")
    beside = os.path.dirname(path)
    yield from files_of((os.path.join(beside, name) for name in names), kind=kind, format=None)
