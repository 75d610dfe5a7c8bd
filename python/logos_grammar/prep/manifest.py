"""What a preparation wrote, counted: the file `manifest.json`."""

from __future__ import annotations

import json
import reprlib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from logos_grammar.formats.compressed import InputError
from logos_grammar.prep.batch import Options

_T = TypeVar("_T")

MANIFEST = "manifest.json"
"""Name of the file in its folder."""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many records came to what.

    Attributes
    ----------
    read
        Records of the input; each was written or refused.
    written
        Records that are in sentences; those that are the poses of one conformer are in one.
    refused
        Records that did not.
    tokens
        Tokens of all sentences, the `<eos>` after each included.
    """

    read: int = 0
    written: int = 0
    refused: int = 0
    tokens: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Return the sums."""
        return Counts(
            read=self.read + other.read,
            written=self.written + other.written,
            refused=self.refused + other.refused,
            tokens=self.tokens + other.tokens,
        )


@dataclass(frozen=True, kw_only=True)
class Input:
    """A file that was read.

    Attributes
    ----------
    path
        From the root of the file system.
    size
        Its bytes.
    sha256
        Of these bytes, in hexadecimal digits.
    format
        The name of its format.
    column
        The column that was read, None in a format without columns.
    counts
        What became of its records.
    """

    path: str
    size: int
    sha256: str
    format: str
    column: str | None
    counts: Counts


@dataclass(frozen=True, kw_only=True)
class Output:
    """A file that was written.

    Attributes
    ----------
    size
        Its bytes.
    sha256
        Of these bytes, in hexadecimal digits.
    """

    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a folder of shards holds.

    Attributes
    ----------
    fingerprint
        The vocabulary; models read shards of it and of its earlier versions.
    lineage
        The fingerprints of the versions of the vocabulary, the oldest first, itself last.
    version
        The version of the grammar.
    options
        What the records became, and what was left out.
    files
        The files beside the manifest, by their names.
    counts
        What became of all records.
    reasons
        Why records were refused, each number in it replaced by #, and how many were, the most
        frequent first.
    inputs
        The files that were read.
    plan
        The plan of the preparation, as JSON holds it.
    """

    fingerprint: str
    version: str
    options: Options
    files: dict[str, Output]
    counts: Counts
    reasons: dict[str, int]
    inputs: tuple[Input, ...]
    plan: dict[str, Any]
    lineage: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Return the text of `manifest.json`."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"


def read_manifest(path: Path) -> Manifest:
    """Read `manifest.json`.

    Raises
    ------
    InputError
        If it is not what this version writes.
    """
    try:
        found = read_object(path)
        inputs = [{**one, "counts": _made(Counts, one["counts"])} for one in found["inputs"]]
        for name in ("reasons", "plan"):
            _typed(found, name, dict)
        for reason in found["reasons"]:
            _typed(found["reasons"], reason, int)
        # JSON holds tuples as lists.
        options: dict[str, Any] = {
            name: tuple(option) if isinstance(option, list) else option
            for name, option in found["options"].items()
        }
        return _made(
            Manifest,
            {
                **found,
                "options": Options(**options),
                "files": outputs_in(found),
                "counts": _made(Counts, found["counts"]),
                "inputs": tuple(_made(Input, one) for one in inputs),
                "lineage": lineage_in(found),
            },
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"expected the manifest of a preparation by this version in {path}: "
            "delete the folder and prepare again, or choose another"
        ) from error


def read_object(path: Path) -> dict[str, Any]:
    """Read a file that holds one JSON object.

    Raises
    ------
    ValueError
        If it holds something else.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except RecursionError as error:
        raise ValueError("JSON less deep was expected") from error
    if not isinstance(found, dict):
        raise ValueError(f"expected a JSON object, found {type(found).__name__}")
    return found


def outputs_in(manifest: dict[str, Any]) -> dict[str, Output]:
    """Return what a manifest says of its files, by their names.

    Raises
    ------
    ValueError
        If it is not what a manifest says.
    """
    files = _typed(manifest, "files", dict)
    for name in files:
        if Path(name).name != name or "\0" in name:
            raise ValueError(f"expected the name of a file, found {name!r}")
    return {name: _made(Output, _typed(files, name, dict)) for name in files}


def lineage_in(manifest: dict[str, Any]) -> tuple[str, ...]:
    """Return the versions of the vocabulary that a manifest says, none where it says nothing.

    Raises
    ------
    ValueError
        If it is not a list of texts.
    """
    found = manifest.get("lineage", [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ValueError(f"expected a list of texts as lineage, found {shown(found)}")
    return tuple(found)


def shown(found: object) -> str:
    """Return the beginning of what a file holds in the place of something else."""
    return reprlib.repr(found)


def _typed(found: dict[str, Any], name: str, wanted: type[_T]) -> _T:
    """Return a member of an object that is of this very type: a bool is not an int."""
    member = found[name]
    if type(member) is not wanted:
        raise ValueError(f"expected {wanted.__name__} as {name}, found {shown(member)}")
    return member


def _made(kind: type[_T], found: dict[str, Any]) -> _T:
    """Make an object of members that are of the types of its fields."""
    for field in fields(kind):  # type: ignore[arg-type]
        if field.type in ("int", "str"):
            _typed(found, field.name, int if field.type == "int" else str)
        elif field.type == "str | None" and found[field.name] is not None:
            _typed(found, field.name, str)
    return kind(**found)
