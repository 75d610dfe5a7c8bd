"""Manifests and plans that are damaged: an error that names the file, whatever they hold."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from logos_grammar.prep import InputError, Progress, ShardReader, Shards, prepare
from logos_grammar.protein import Protein

Write = Callable[[str, str | bytes], Path]
DEEP = "[" * 100_000
TEXTS = [DEEP, '{"a":' * 100_000, "", "{", "[]", "5", "null", '"x"', "{}", "\ud800"]
VALUES: list[Any] = [None, 5, -1, 1.5, True, "x", "\0", [], [5], [[]], {}, {"x": 5}, {"x": {}}]


def damage(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "surrogatepass"))


def places(found: Any) -> list[list[Any]]:
    """The ways to every member of what JSON holds."""
    keys = list(found) if isinstance(found, dict) else range(len(found))
    ways = []
    for key in keys:
        below = places(found[key]) if isinstance(found[key], dict | list) else []
        ways += [[key], *([key, *way] for way in below)]
    return ways


def replaced(found: Any, way: list[Any], value: Any) -> str:
    changed = json.loads(json.dumps(found))
    at = changed
    for key in way[:-1]:
        at = at[key]
    at[way[-1]] = value
    return json.dumps(changed)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
@pytest.mark.parametrize("name", ["manifest.json", "work/plan.json", "work/shards.json"])
def test_a_file_of_something_else(written: Write, tmp_path: Path, name: str, text: str) -> None:
    source, out = written("a.smi", "C\n"), tmp_path / "out"
    (out / "work").mkdir(parents=True)
    damage(out / name, text)

    def begin() -> object:
        if name == "work/shards.json":
            return Shards(out, resume=True)
        return prepare(source, kind="molecule", out=out)

    with pytest.raises(InputError, match=r"\.json|another plan"):
        begin()
    if name == "manifest.json":
        with pytest.raises(InputError, match=r"expected the manifest of shards in .*\.json"):
            ShardReader(out)


def test_a_manifest_with_any_member_replaced(written: Write, tmp_path: Path) -> None:
    source, out = written("a.smi", "C\nC!\n"), tmp_path / "out"
    prepare(source, kind="molecule", out=out)
    path = out / "manifest.json"
    found = json.loads(path.read_text())
    chosen = random.Random(1)
    for way in places(found):
        for value in chosen.sample(VALUES, 2):
            damage(path, replaced(found, way, value))
            for call in (ShardReader, lambda out: prepare(source, kind="molecule", out=out)):
                try:
                    call(out)
                except InputError:
                    continue
                except Exception as error:
                    pytest.fail(f"{way} {value!r}: {error!r}")


def test_a_plan_with_any_member_replaced(written: Write, tmp_path: Path) -> None:
    source, out = written("a.smi", "C\nC!\n"), tmp_path / "out"

    def stop(progress: Progress) -> None:
        raise KeyboardInterrupt

    def go_on() -> None:
        prepare(source, kind="molecule", out=out, on_progress=stop)

    with pytest.raises(KeyboardInterrupt):
        go_on()
    path = out / "work" / "plan.json"
    found = json.loads(path.read_text())
    for way in places(found):
        damage(path, replaced(found, way, ["x"]))
        with pytest.raises(InputError, match=r"another plan .*: delete the folder, or choose ano"):
            go_on()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"fingerprint": "x", "lineage": 5}, "a list of texts as lineage, found 5"),
        ({"fingerprint": "x", "lineage": None}, "a list of texts as lineage, found None"),
        ({"fingerprint": "x", "lineage": [5]}, r"a list of texts as lineage, found \[5\]"),
        ({"fingerprint": 5}, "expected text as fingerprint, found 5"),
        ({"files": []}, r"expected dict as files, found \[\]"),
        ({"files": 5}, "expected dict as files, found 5"),
        ({"files": {"x.bin": 5}}, "expected dict as x.bin, found 5"),
        ({"files": {"x.bin": {"size": "10", "sha256": ""}}}, "expected int as size, found '10'"),
        ({"files": {"x.bin": {"size": True, "sha256": ""}}}, "expected int as size, found True"),
        ({"files": {"../x": {"size": 1, "sha256": ""}}}, "expected the name of a file"),
        ({"types": []}, "expected types by name"),
    ],
)
def test_the_manifest_of_shards(tmp_path: Path, changed: dict[str, Any], message: str) -> None:
    with Shards(tmp_path) as shards:
        shards.add(Protein("M"))
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))
    with pytest.raises(InputError, match=f"expected the manifest of shards in .*{message}"):
        ShardReader(tmp_path)
