"""What a preparation wrote, counted: the file `manifest.json`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from logos_grammar.formats.compressed import InputError
from logos_grammar.prep.batch import Options

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
        Records that became sentences.
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
        found = json.loads(path.read_text(encoding="utf-8"))
        inputs = [{**one, "counts": Counts(**one["counts"])} for one in found["inputs"]]
        return Manifest(
            **{
                **found,
                "options": Options(**found["options"]),
                "files": {name: Output(**one) for name, one in found["files"].items()},
                "counts": Counts(**found["counts"]),
                "inputs": tuple(Input(**one) for one in inputs),
                "lineage": tuple(found.get("lineage", ())),
            }
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"expected the manifest of a preparation by this version in {path}: "
            "delete the folder and prepare again, or choose another"
        ) from error
