"""The tutorial is true: its code runs as one module, and its laws hold."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import logos_grammar as lg
from declared.process import TESTS, run_tests
from logos_grammar import registry

TUTORIAL = (TESTS.parent / "spec" / "declaring.md").read_text(encoding="utf-8")
LAWS = 6
FEWEST_LINES, MOST_LINES = 25, 45


def blocks(language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", TUTORIAL, re.MULTILINE | re.DOTALL)


def test_its_code_runs_and_its_laws_hold(tmp_path: Path) -> None:
    module = tmp_path / "test_the_text.py"
    module.write_text("\n\n".join(blocks("python")), encoding="utf-8")
    assert f"{LAWS} passed" in run_tests(module, folder=tmp_path)


def test_each_declaration_is_short() -> None:
    code = [block for block in blocks("python") if "lg.declare(" in block]
    assert len(code) == 3
    lines = [[line for line in block.splitlines() if line.strip()] for block in code]
    assert all(len(each) <= MOST_LINES for each in lines)
    assert max(map(len, lines)) >= FEWEST_LINES


def test_what_it_asserts_is_about_what_it_declares() -> None:
    tree = ast.parse("\n".join(blocks("python")))
    asserted = [ast.unparse(node) for node in tree.body if isinstance(node, ast.Assert)]
    for name in ("oxytocin", "spectrum"):
        assert f"assert lg.decode(lg.encode({name})) == {name}" in asserted


def test_its_entry_point_is_in_the_group_that_is_looked_at() -> None:
    (table,) = blocks("toml")
    (group,) = tomllib.loads(table)["project"]["entry-points"]
    assert group == registry.GROUP


def test_the_room_that_it_names_is_the_one_that_is_kept() -> None:
    room = next(block for block in lg.vocabulary.blocks if block.name == "declared")
    first, last = re.search(r"from (\d+) to (\d+)", TUTORIAL).groups()  # type: ignore[union-attr]
    assert (int(first), int(last)) == (room.base, room.base + room.size - 1)


def test_it_links_only_to_what_is_there() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", TUTORIAL):
        assert (TESTS.parent / "spec" / target).is_file()
