"""The folder that a preparation writes in: what is its own there, and what it leaves alone."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, Final

from logos_grammar.formats.compressed import InputError
from logos_grammar.prep.chunk import CHUNK
from logos_grammar.prep.files import drafts_of, settle_folder, write_whole
from logos_grammar.prep.manifest import MANIFEST, read_manifest
from logos_grammar.prep.plan import Plan, differences, read_plan

ADVICE: Final = "delete the folder, or choose another"
"""What to do about a folder in which another run was begun."""

_WORK: Final = "work"
_PLAN: Final = "plan.json"
_SHARDS: Final = (".bin", ".idx")
_CHUNK_NAME: Final = re.compile(rf"[0-9]{{6,}}-[0-9]{{8,}}{re.escape(CHUNK)}")


def check_inputs(plan: Plan, out: Path) -> None:
    """Refuse a file to read that would be written over.

    Raises
    ------
    InputError
        With the file, and the name that it has in the folder.
    """
    places = {}
    for name in _outputs(plan):
        try:
            found = os.stat(out / name)
        except OSError:
            continue
        places[found.st_dev, found.st_ino] = name
    if not places:
        return
    for source in plan.sources:
        found = os.stat(source.path)
        place = found.st_dev, found.st_ino
        if place in places:
            raise InputError(
                f"expected an input that is not written over, found {source.path}, where "
                f"{places[place]} is to be: choose another folder"
            )


def begin(plan: Plan, out: Path) -> Path:
    """Return the work folder of this plan, new or as an earlier run left it.

    Raises
    ------
    InputError
        If the folder holds files of others under the names that are to be written, the work of
        another plan, or cannot be written in.
    """
    work = out / _WORK
    path = work / _PLAN
    if path.exists():
        check_same(read_plan(path), plan.to_json(), out)
    else:
        if foreign := _foreign(plan, out):
            raise InputError(
                f"expected no work of others in {out}, found {', '.join(foreign)}: choose another "
                "folder"
            )
        try:
            work.mkdir(exist_ok=True)
            with write_whole(path) as file:
                file.write((json.dumps(plan.to_json(), indent=2) + "\n").encode())
        except OSError as error:
            raise InputError(f"cannot write in {work}: {error.strerror}") from error
        settle_folder(work)
    for draft in _drafts(plan, out) + drafts_of(work, _is_of_work):
        draft.unlink(missing_ok=True)
    return work


def clear(plan: Plan, out: Path) -> None:
    """Remove what only an unfinished run needs, and nothing else."""
    # The run is over: a draft of any machine is of no use now.
    for draft in _drafts(plan, out, of_any_machine=True):
        draft.unlink(missing_ok=True)
    work = out / _WORK
    if _is_work_of(plan, work):
        chunks = [path for path in work.iterdir() if _CHUNK_NAME.fullmatch(path.name)]
        for path in chunks + drafts_of(work, _is_of_work, of_any_machine=True):
            path.unlink(missing_ok=True)
        # The plan is the last one: it says whose the others are.
        (work / _PLAN).unlink()
    if work.is_dir() and not work.is_symlink() and not any(work.iterdir()):
        work.rmdir()


def check_same(begun: dict[str, Any], asked: dict[str, Any], out: Path) -> None:
    """Refuse a folder in which another plan was begun.

    Raises
    ------
    InputError
        With what differs.
    """
    if found := differences(begun, asked):
        raise InputError(f"{out} was begun with another plan ({'; '.join(found)}): {ADVICE}")


def is_input(path: Path, out: Path) -> bool:
    """Return whether a run that was begun or finished in a folder reads a file."""
    place = os.path.join(os.path.realpath(path.parent), path.name)
    for plan, read in (
        (out / _WORK / _PLAN, read_plan),
        (out / MANIFEST, lambda manifest: read_manifest(manifest).plan),
    ):
        try:
            sources = read(plan)["sources"]
            if any(source["path"] == place for source in sources):
                return True
        except (InputError, OSError, KeyError, TypeError):
            # A file that holds no plan does not name inputs.
            continue
    return False


def _outputs(plan: Plan) -> tuple[str, ...]:
    kind = plan.options.kind
    return (f"{kind}.bin", f"{kind}.idx", f"{kind}.parquet", "refused.jsonl", MANIFEST)


def _foreign(plan: Plan, out: Path) -> list[str]:
    """Return the names in a folder without a plan that hold what others made."""
    names = {name for name in _outputs(plan) if os.path.lexists(out / name)}
    names |= {path.name for path in out.iterdir() if path.suffix in _SHARDS}
    work = out / _WORK
    if work.is_dir():
        ours = drafts_of(work, _is_of_work, of_any_machine=True)
        names |= {str(path.relative_to(out)) for path in work.iterdir() if path not in ours}
    elif os.path.lexists(work):
        names.add(_WORK)
    return sorted(names)


def _drafts(plan: Plan, out: Path, *, of_any_machine: bool = False) -> list[Path]:
    """Return the drafts of outputs, and of the standard input, which is kept there as a file."""
    names = {*_outputs(plan), *(Path(source.path).name for source in plan.sources)}
    return drafts_of(out, names.__contains__, of_any_machine=of_any_machine)


def _is_of_work(name: str) -> bool:
    return name == _PLAN or _CHUNK_NAME.fullmatch(name) is not None


def _is_work_of(plan: Plan, work: Path) -> bool:
    path = work / _PLAN
    if not path.is_file():
        return False
    try:
        # Chunks of another size come to the same shards.
        found = {**read_plan(path), "chunk_bytes": plan.chunk_bytes}
    except InputError:
        return False
    return not differences(found, plan.to_json())
