"""Manifests: what a folder of shards says of itself, and whether its files are as it says.

`manifest.json` names the vocabulary (`fingerprint`), the object types that a user declared
(`types`: kind to fingerprint), and the size and SHA-256 of each file (`files`). One of text says
`"kind": "text"`, the ids of its tokenizer that begin and end a document (`bos_id`, which may be
null, and `eos_id`), and has the SHA-256 of `tokenizer.json` as its fingerprint.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from logos_model.config import BOS, EOS
from logos_model.data.shards import ShardError, with_ending

MANIFEST = "manifest.json"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What the manifest of a folder says.

    Attributes
    ----------
    path
        The file.
    fingerprint
        Of the vocabulary, or of the tokenizer of text.
    lineage
        Fingerprints of the versions of the vocabulary up to that one, where they are written.
    is_text
        Whether the shards hold text of a base model's tokenizer.
    bos_id, eos_id
        What is read before a document, None for nothing, and what ends each.
    types
        Fingerprint of each declared object type.
    files
        Size and SHA-256 of each file; None where another program wrote no such list.
    """

    path: Path
    fingerprint: str
    lineage: tuple[str, ...]
    is_text: bool
    bos_id: int | None
    eos_id: int
    types: dict[str, str]
    files: dict[str, tuple[int, str]] | None

    def digest(self, prefixes: Collection[str]) -> str:
        """Return a digest of the manifest and of the names of the shards that are used.

        It stands for the content of the files, whose SHA-256 the manifest has. Without that
        list the files themselves are read.
        """
        hasher = hashlib.sha256(self.path.read_bytes())
        for name in sorted(prefixes):
            hasher.update(b"\0" + name.encode())
            if self.files is None:
                for ending in (".idx", ".bin"):
                    hasher.update(_digest(with_ending(self.path.with_name(name), ending)).encode())
        return hasher.hexdigest()

    def check_files(self, prefixes: Collection[str], *, whole: bool, verify: bool) -> None:
        """Check the files of some shards against the list.

        Parameters
        ----------
        prefixes
            Names of the shards that are used.
        whole
            Whether they are all of the folder: then every listed shard is there.
        verify
            Read every file for its SHA-256; otherwise only sizes are compared.

        Raises
        ------
        ShardError
            If a file is missing, not listed or not as listed.
        """
        if self.files is None:
            return
        listed = {Path(name).stem for name in self.files if name.endswith((".bin", ".idx"))}
        for name in sorted(listed | set(prefixes) if whole else prefixes):
            for file in (f"{name}.idx", f"{name}.bin"):
                if file not in self.files:
                    raise ShardError(f"expected {file} among the files of {self.path}")
                _check_file(self.path.with_name(file), *self.files[file], verify=verify)


def read_manifest(path: Path) -> Manifest:
    """Read a manifest.

    Raises
    ------
    ShardError
        If it is missing or lacks something.
    """
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ShardError(f"expected a manifest at {path}") from None
    except ValueError:
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("fingerprint"), str):
        raise ShardError(f"expected a vocabulary fingerprint in {path}")
    is_text = found.get("kind") == "text"
    if is_text and not isinstance(found.get("eos_id"), int):
        raise ShardError(f"expected eos_id, the id that ends a document, in {path}")
    files = None
    if "files" in found:
        try:
            files = {name: (one["size"], one["sha256"]) for name, one in found["files"].items()}
        except (AttributeError, KeyError, TypeError):
            raise ShardError(
                f"expected the size and sha256 of each file in {path}: "
                "prepare the data again with this version"
            ) from None
    return Manifest(
        path=path,
        fingerprint=found["fingerprint"],
        lineage=tuple(found.get("lineage", ())),
        is_text=is_text,
        bos_id=found.get("bos_id") if is_text else BOS,
        eos_id=found["eos_id"] if is_text else EOS,
        types=dict(found.get("types") or {}),
        files=files,
    )


def write_manifest(folder: Path, content: dict[str, Any]) -> Path:
    """Write the manifest of the shards in a folder, with the size and SHA-256 of each file."""
    files = {
        path.name: {"size": path.stat().st_size, "sha256": _digest(path)}
        for path in sorted(folder.iterdir())
        if path.suffix in (".bin", ".idx")
    }
    path = folder / MANIFEST
    path.write_text(json.dumps({**content, "files": files}, indent=2) + "\n", encoding="utf-8")
    return path


def _check_file(path: Path, size: int, sha256: str, *, verify: bool) -> None:
    if not path.is_file():
        raise ShardError(f"expected a file at {path}, as its manifest says")
    found = path.stat().st_size
    if found != size:
        raise ShardError(f"expected {size} bytes in {path}, got {found}: prepare the data again")
    if verify and _digest(path) != sha256:
        raise ShardError(
            f"expected the SHA-256 {sha256} of {path}, as its manifest says: "
            "it has been damaged or replaced, prepare the data again"
        )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
