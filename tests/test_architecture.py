"""Which module may import which, and that every object type has a file in every layer."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / "python"
TYPES = sorted(path.stem for path in (ROOT / "spec" / "objects").glob("*.ebnf"))

# A foreign library is imported by the files and folders that are named after it, and by these.
FILES_OF = {
    "rdkit": {"rdkit.py", "logos_model/picture.py"},
    "Bio": {"biopython.py"},
    "gemmi": {"gemmi.py", "logos_model/structure_demo.py"},
    "biotite": {"biotite.py"},
    "immunum": {"numbering.py"},
    "transformers": {
        "tokenizer.py",
        "logos_grammar/serving/slow_tokenizer.py",
        "logos_grammar/serving/transformers.py",
        "logos_grammar/serving/generation.py",
        "logos_model/extend.py",
        "logos_model/extension_report.py",
        "logos_model/text_shards.py",
    },
    "tokenizers": {"tokenizer.py", "fast_tokenizer.py"},
    "hypothesis": {"strategies.py", "programs.py", "logos_grammar/testing/laws.py"},
}

# Below the model, tensors are for whoever masks an engine's logits: nobody else imports torch.
ENGINES = {
    "transformers.py",
    "generation.py",
    "logits.py",
    "vllm.py",
    "vllm_request.py",
    "sglang.py",
}


def imports(file: Path) -> Iterator[str]:
    """The modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module


def files() -> list[Path]:
    return sorted(PYTHON.rglob("*.py"))


def module_of(file: Path) -> str:
    """The module that a file is."""
    parts = file.relative_to(PYTHON).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


CORE = "logos_grammar._core"
MODULES = {module_of(file): file for file in sorted((PYTHON / "logos_grammar").rglob("*.py"))}
MOVED = sorted(
    name for name, file in MODULES.items() if "logos_grammar._moved" in set(imports(file))
)

# Modules that look others up by name when they run: commands, the strategies of an object type,
# and what is loaded only when it is used.
LATE = {
    "logos_grammar",
    "logos_grammar.__main__",
    "logos_grammar.displayed",
    "logos_grammar.testing.hypothesis_plugin",
    "logos_grammar.testing.strategies",
}


def needs(name: str) -> set[str]:
    """The modules of `logos_grammar` that one of them imports, wherever in its file and why."""
    found = set()
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {each if each in {*MODULES, CORE} else node.module for each in inner}
    return {each for each in found if each.partition(".")[0] == "logos_grammar"}


def test_no_modules_import_each_other_in_a_circle() -> None:
    try:
        TopologicalSorter({name: needs(name) for name in MODULES}).prepare()
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' <- '.join(error.args[1])}")


def test_no_module_imports_the_package_root() -> None:
    assert [name for name in MODULES if "logos_grammar" in needs(name)] == []


def test_only_listed_modules_look_others_up_by_name() -> None:
    late = set()
    for name, file in MODULES.items():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
                looked_up = ast.unparse(node.args[0]).lstrip("f").strip("'\"")
                late |= {name} if looked_up.startswith("logos_grammar") else set()
    assert late == LATE


def test_the_notation_and_its_first_sets_are_read_in_the_core_only() -> None:
    """The second reader of the notation is the oracle's, in `tests/`, which shares no code."""
    marks = ('"(*"', r"\\(\\*", "where:[", "is_nullable")
    readers = [
        name
        for name, file in MODULES.items()
        if any(mark in file.read_text(encoding="utf-8") for mark in marks)
    ]
    assert readers == []


def test_notebooks_are_served_in_one_place() -> None:
    names = ("_repr_html_", "_repr_svg_", "_repr_mimebundle_")
    served = [
        name
        for name, file in MODULES.items()
        if any(f"def {each}(" in file.read_text(encoding="utf-8") for each in names)
    ]
    assert served == ["logos_grammar.displayed"]


@pytest.mark.parametrize("name", MOVED)
def test_a_moved_module_warns_and_gives_what_it_gave(name: str) -> None:
    users = [other for other in MODULES if name in needs(other)]
    assert users == []
    sys.modules.pop(name, None)
    with pytest.warns(DeprecationWarning, match=f"{name} was moved: import logos_grammar"):
        old = importlib.import_module(name)
    for new in sorted(needs(name) - {"logos_grammar._moved"}):
        names = vars(importlib.import_module(new))
        public = {each for each in names.get("__all__", names) if not each.startswith("_")}
        assert public <= vars(old).keys()
    sys.modules.pop(name)


@pytest.mark.parametrize("library", FILES_OF)
def test_a_library_is_imported_only_where_its_name_stands(library: str) -> None:
    strangers = [
        str(file.relative_to(PYTHON))
        for file in files()
        if library in {module.partition(".")[0] for module in imports(file)}
        and file.name not in FILES_OF[library]
        and f"{file.parent.name}.py" not in FILES_OF[library]
        and str(file.relative_to(PYTHON)) not in FILES_OF[library]
    ]
    assert strangers == []


def test_the_grammar_never_imports_the_model_and_torch_only_to_serve_engines() -> None:
    below = [file for file in files() if file.is_relative_to(PYTHON / "logos_grammar")]
    assert below
    for file in below:
        names = {module.partition(".")[0] for module in imports(file)}
        assert "logos_model" not in names, file
        serves = file.parent.name == "serving" and file.name in ENGINES
        assert serves or "torch" not in names, file


def test_importing_the_grammar_loads_no_extra() -> None:
    extras = [
        "torch",
        "rdkit",
        "Bio",
        "immunum",
        "gemmi",
        "biotite",
        "transformers",
        "hypothesis",
        "pyarrow",
        "matplotlib",
    ]
    code = f"import sys, logos_grammar; print([x for x in {extras} if x in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_core_depends_on_nothing() -> None:
    manifest = tomllib.loads((ROOT / "rust/core/Cargo.toml").read_text(encoding="utf-8"))
    assert manifest.get("dependencies", {}) == {}
    assert "forbid" in (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    for file in (ROOT / "rust" / "core" / "src").rglob("*.rs"):
        assert "pyo3" not in file.read_text(encoding="utf-8"), file


@pytest.mark.parametrize("name", TYPES)
def test_an_object_type_stands_in_every_layer(name: str) -> None:
    """The drill of spec/README.md: each line that fails names the file to write next."""
    core = ROOT / "rust" / "core" / "src" / "objects"
    assert (core / f"{name}.rs").exists() or (core / name / "mod.rs").exists()
    assert (ROOT / "rust" / "python" / "src" / "objects" / f"{name}.rs").exists()
    assert (PYTHON / "logos_grammar" / name / "__init__.py").exists()
    assert (PYTHON / "logos_grammar" / name / "strategies.py").exists()
    assert f'name = "{name}"' in (ROOT / "spec" / "vocabulary.toml").read_text(encoding="utf-8")
