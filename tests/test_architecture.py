"""Who may import whom, and that every object type stands in every layer."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / "python"
TYPES = sorted(path.stem for path in (ROOT / "spec" / "objects").glob("*.ebnf"))

# A foreign library is imported by the files that are named after it, and by these.
FILES_OF = {
    "rdkit": {"rdkit.py", "logos_model/picture.py"},
    "Bio": {"biopython.py"},
    "transformers": {
        "tokenizer.py",
        "logos_grammar/serving/transformers.py",
        "logos_grammar/serving/generation.py",
    },
    "tokenizers": {"tokenizer.py"},
    "hypothesis": {"strategies.py", "programs.py", "logos_grammar/laws.py"},
}

# Below the model, tensors are for whoever masks an engine's logits: nobody else imports torch.
ENGINES = {"transformers.py", "generation.py", "vllm.py", "sglang.py"}


def imports(file: Path) -> Iterator[str]:
    """The modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module


def files() -> list[Path]:
    return sorted(PYTHON.rglob("*.py"))


@pytest.mark.parametrize("library", FILES_OF)
def test_a_library_is_imported_only_where_its_name_stands(library: str) -> None:
    strangers = [
        str(file.relative_to(PYTHON))
        for file in files()
        if library in {module.partition(".")[0] for module in imports(file)}
        and file.name not in FILES_OF[library]
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
    extras = ["torch", "rdkit", "Bio", "transformers", "hypothesis", "pyarrow", "matplotlib"]
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
