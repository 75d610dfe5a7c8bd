"""A side condition is one file, one entry in the core's list, one oracle class and one row."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from oracle import SPEC
from oracle.conditions import CLOSED_LIST

CORE = SPEC.parent / "rust" / "core" / "src"
ROOM = CORE / "conditions"
LIST = re.search(r"^closed_list! \{\n(.*?)^\}", (ROOM / "mod.rs").read_text("utf-8"), re.M | re.S)
assert LIST is not None
NAMES = LIST[1].split()


def test_the_core_the_oracle_and_the_spec_have_one_list() -> None:
    rows = re.findall(r"^\| `(\w+)\(", (SPEC / "README.md").read_text("utf-8"), re.MULTILINE)
    assert rows == NAMES
    assert sorted(NAMES) == sorted(CLOSED_LIST)


@pytest.mark.parametrize("name", NAMES)
def test_a_condition_says_in_its_first_line_what_it_means(name: str) -> None:
    text = (ROOM / f"{name}.rs").read_text("utf-8")
    assert text.startswith(f"//! `{name}("), text.splitlines()[0]


def test_the_engine_names_no_condition_and_no_rule() -> None:
    rules = re.findall(r"^(\w+) +=", (SPEC / "objects/molecule.ebnf").read_text("utf-8"), re.M)
    for file in [*(CORE / "recognizer").rglob("*.rs"), *(CORE / "automaton").rglob("*.rs")]:
        code, _, _ = file.read_text("utf-8").partition("#[cfg(test)]\nmod tests")
        if file.name in ("worked_example.rs",):
            continue
        for name in (*NAMES, *rules):
            assert f'"{name}"' not in code, (file.name, name)


@pytest.mark.skipif(shutil.which("rustfmt") is None, reason="rustfmt is not installed")
def test_files_that_the_list_declares_are_formatted() -> None:
    """`cargo fmt` does not look into the macro that declares them."""
    files = [str(ROOM / f"{name}.rs") for name in NAMES]
    command = ["rustfmt", "--edition", "2024", "--config-path", str(SPEC.parent)]
    found = subprocess.run(
        [*command, "--check", *files], check=False, capture_output=True, text=True
    )
    assert found.returncode == 0, f"run {' '.join(command)} on them: {found.stdout}"
