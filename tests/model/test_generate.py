"""Pictures of samples, and what is said where a library is missing."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from logos_model import generate
from logos_model.grammar import Ids
from logos_model.picture import draw_loss, draw_molecules
from logos_model.samples import Sample


def make_molecule(text: str | None) -> Sample:
    ids: Ids = np.array([3, 4], dtype=np.uint16)
    ended = text is not None
    return Sample(kind="molecule", ids=ids, ended=ended, text=text, error=None, mass_removed=0.0)


def test_molecules_are_drawn_as_a_grid(tmp_path: Path) -> None:
    pytest.importorskip("rdkit", reason="draws with rdkit")
    texts = ["CCO", "c1ccccc1", "C(C)(C)(C)(C)C", "c1cccc1", "[Na+].[Cl-]", None, "*", "C1C1"]
    said = draw_molecules([make_molecule(text) for text in texts], tmp_path / "grid.png")
    assert said.startswith("RDKit accepts 4 of 7 molecules; the first of them:")
    assert (tmp_path / "grid.png").read_bytes().startswith(b"\x89PNG")
    none = draw_molecules([make_molecule("C1C1")], tmp_path / "none.png")
    assert none == "no picture of molecules, RDKit accepts none of 1"
    assert not (tmp_path / "none.png").exists()


def test_a_missing_library_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = importlib.import_module("logos_model.picture")
    monkeypatch.setattr(picture, "find_spec", lambda name: None)
    said = draw_molecules([make_molecule("C")], tmp_path / "grid.png")
    assert said.endswith("pip install 'logos-grammar[rdkit]'")
    assert draw_loss([], tmp_path / "loss.png").endswith("pip install 'logos-grammar[model]'")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("first_argument", "begin"), [("-c", "ModuleNotFoundError: "), ("-m", "")])
def test_a_missing_torch_is_said_in_a_sentence(first_argument: str, begin: str) -> None:
    code = (
        "import importlib.util, sys\n"
        "importlib.util.find_spec = lambda name: None\n"
        f"sys.argv = [{first_argument!r}]\n"
        "import logos_model\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True
    )
    assert result.returncode == 1
    last = result.stderr.strip().splitlines()[-1]
    assert last == (
        f"{begin}torch and safetensors not installed: pip install 'logos-grammar[model]'"
    )
    assert ("Traceback" in result.stderr) == bool(begin)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--out", "{file}"), "expected a folder for the samples at .* that can be written"),
        (("--out", "{file}/inside"), "expected a folder for the samples at"),
        (("--n", "0"), "expected at least 1 sample, got --n 0"),
        (("--profile", "nope"), "expected a --profile among kekule.valence, .*none, got 'nope'"),
    ],
)
def test_what_cannot_be_written_is_said_before_anything_is_drawn(
    options: tuple[str, str], words: str, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.touch()
    given = [option.format(file=file) for option in options]
    with pytest.raises(SystemExit, match=words):
        generate.main(["--checkpoint", str(tmp_path / "run"), "--kind", "molecule", *given])


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("none", "at .*none$"),
        ("extended", r"at .*extended: a model is there, .*--set extension\.base="),
        ("step/model", "at .*model: its model is there, the checkpoint is .*step$"),
    ],
)
def test_a_model_that_is_no_checkpoint_is_told_from_nothing(
    inside: str, words: str, tmp_path: Path
) -> None:
    for file in ("extended/config.json", "step/model/config.json", "step/checkpoint.json"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("{}")
    given = ["--checkpoint", str(tmp_path / inside), "--kind", "molecule", "--n", "1"]
    with pytest.raises(SystemExit, match="expected a checkpoint, or a run with one, " + words):
        generate.main(given)
