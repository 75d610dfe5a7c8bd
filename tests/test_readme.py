"""The README is true: its code runs, its commands print what it says, its table is of this grammar.

Commands that take minutes are run in a smaller form, which `SMALLER` lists; the two that set up an
environment are looked at instead: one is what CI runs, the other what `test_demo.py` runs.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import logos_grammar as lg
from conftest import ROOT
from logos_grammar.molecule.strategies import molecules

README = (ROOT / "README.md").read_text(encoding="utf-8")
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
SET_UP = (".ci/demo", ".ci/test")
SMALLER = {
    "logos_model.train": ["--steps", "2", "--samples", "2"],
    "logos_model.generate": ["--n", "2"],
}


@dataclass(frozen=True, kw_only=True)
class Block:
    """A fenced block: its language, its text, and the line on which the text begins."""

    language: str
    text: str
    line: int


def blocks(language: str) -> Iterator[Block]:
    """Yield the blocks of one language."""
    for match in re.finditer(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL):
        if match[1] == language:
            line = README.count("\n", 0, match.start(2))
            yield Block(language=language, text=match[2], line=line)


def commands() -> Iterator[tuple[str, str]]:
    """Yield the commands of the README, each with the output that it shows."""
    for block in blocks("console"):
        for entry in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
            command, _, output = entry.partition("\n")
            yield command, output


def rows() -> Iterator[list[str]]:
    """Yield the cells of each object type's row."""
    table = README.split("| object |")[1].split("\n\n")[0]
    for line in table.splitlines()[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def test_the_code_of_the_readme_runs() -> None:
    names: dict[str, Any] = {}
    for block in blocks("python"):
        if ">>>" not in block.text:
            exec(compile("\n" * block.line + block.text, "README.md", "exec"), names)
            continue
        example = doctest.DocTestParser().get_doctest(
            block.text, names, "README.md", "README.md", block.line
        )
        report: list[str] = []
        runner = doctest.DocTestRunner(optionflags=OPTIONS)
        runner.run(example, out=report.append, clear_globs=False)
        assert not runner.failures, "".join(report)
        names = example.globs
    properties = [thing for name, thing in names.items() if name.startswith("test_")]
    assert properties
    for prove in properties:
        prove()


def test_the_commands_of_the_readme_print_what_it_shows(tmp_path: Path) -> None:
    (tmp_path / "python").symlink_to(ROOT / "python")
    (tmp_path / "runs").mkdir()
    checker = doctest.OutputChecker()
    for command, output in commands():
        words = shlex.split(command)
        if command in SET_UP:
            continue
        assert words[:2] == ["python", "-m"], command
        given = [sys.executable, *words[1:], *SMALLER.get(words[2], [])]
        done = subprocess.run(given, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        if words[2] not in SMALLER:
            told = f"$ {command}\n{done.stdout}"
            assert checker.check_output(output, done.stdout, OPTIONS), told


def test_the_set_up_commands_are_those_of_ci_and_the_demo() -> None:
    shown = {command for command, _ in commands()}
    assert shown.issuperset(SET_UP)
    for name in (*SET_UP, ".ci/run", ".ci/setup"):
        assert os.access(ROOT / name, os.X_OK), name
    assert 'exec "$(dirname "$0")/test"' in (ROOT / ".ci/run").read_text("utf-8")
    assert "exec .venv/bin/python -m logos_model.demo" in (ROOT / ".ci/demo").read_text("utf-8")


def test_the_table_has_every_object_type() -> None:
    types = {path.stem for path in (ROOT / "spec" / "objects").glob("*.ebnf")}
    assert {cells[0].strip("`") for cells in rows()} == types


@pytest.mark.parametrize("cells", list(rows()), ids=lambda cells: cells[0].strip("`"))
def test_a_row_of_the_table_is_of_its_object_type(cells: list[str]) -> None:
    kind, sentence, _, projections = (cell.replace("`", "") for cell in cells)
    ids = [lg.vocabulary.id(name) for name in sentence.split()]
    thing = lg.decode(ids)
    package = f"logos_grammar.{kind}"
    assert type(thing).__module__ == package
    holders = [type(thing), getattr(import_module(package), "Chain", None)]
    if find_spec(f"{package}.rdkit"):
        holders.append(import_module(f"{package}.rdkit"))
    for name in filter(None, projections.split(", ")):
        assert any(callable(getattr(holder, name, None)) for holder in holders), name


def test_links_of_the_readme_lead_somewhere() -> None:
    prose = re.sub(r"^```.*?^```$", "", README, flags=re.MULTILINE | re.DOTALL)
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", prose):
        assert (ROOT / target).exists(), target
        if anchor:
            titles = re.findall(r"^#+ (.*)$", (ROOT / target).read_text("utf-8"), re.MULTILINE)
            assert anchor in {title.lower().replace(" ", "-") for title in titles}, anchor


def test_functions_are_in_the_modules_that_it_names() -> None:
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| (`logos_[^|]*) \|$", README, re.MULTILINE)
    assert len(rows) >= 6
    for functions, modules in rows:
        for module in re.findall(r"`([^`]+)`", modules):
            found = import_module(module)
            for function in re.findall(r"`([^`]+)`", functions):
                assert callable(getattr(found, function)), f"{module}.{function}"


def test_every_extra_is_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (named,) = re.findall(r".*Extras install the rest: .*", README)
    for extra in project["optional-dependencies"].keys() - {"test"}:
        assert f"`{extra}`" in named


def test_molecules_of_usual_valence_are_read_by_rdkit() -> None:
    chem = pytest.importorskip("rdkit.Chem")

    @given(molecules(valence=True))
    def rdkit_reads(molecule: lg.molecule.Molecule) -> None:
        assert chem.MolFromSmiles(molecule.to_smiles()) is not None

    rdkit_reads()
