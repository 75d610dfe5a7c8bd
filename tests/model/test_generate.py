"""What is drawn under the grammar decodes, or says that it did not end."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from logos_model.config import Config, ConfigError
from logos_model.decoder import Decoder
from logos_model.generate import draw, opening_of
from logos_model.grammar import Grammar, Ids
from logos_model.picture import draw_loss, draw_molecules
from logos_model.samples import Sample, tally

from .conftest import one_document


@pytest.fixture
def model(config: Config) -> Decoder:
    model = Decoder(config.model)
    model.initialize(seed=4)
    return model


def make_molecule(text: str | None) -> Sample:
    ids: Ids = np.array([3, 4], dtype=np.uint16)
    ended = text is not None
    return Sample(kind="molecule", ids=ids, ended=ended, text=text, error=None, mass_removed=0.0)


def test_every_sample_that_ended_decodes(model: Decoder, grammar: Grammar) -> None:
    samples = draw(model, grammar, count=200, limit=30, rows=64)
    counts = tally(samples)
    assert counts.drawn == 200
    assert counts.ended == counts.decoded > 0
    assert counts.unfinished > 0, "a limit of 30 should leave some of an untrained model open"
    for sample in samples:
        assert sample.kind == "word"
        assert sample.error is None
        assert len(sample.ids) <= 30
        assert sample.ended == (sample.text is not None) == (len(grammar.next_ids(sample.ids)) == 0)
        if not sample.ended:
            assert len(sample.ids) == 30
    assert 0.5 < counts.mass_removed < 1.0
    assert "200 samples:" in str(counts)
    assert "(100 %)" in str(counts)


def test_a_sentence_as_long_as_the_limit_has_ended(model: Decoder, grammar: Grammar) -> None:
    samples = draw(model, grammar, count=200, limit=3)
    assert any(sample.ended and len(sample.ids) == 3 for sample in samples)
    assert all(sample.ended == (sample.ids[-1] == 4) for sample in samples)


def test_samples_follow_from_the_seed(model: Decoder, grammar: Grammar) -> None:
    def texts(seed: int, rows: int = 64) -> list[str | None]:
        drawn = draw(model, grammar, count=20, limit=20, seed=seed, rows=rows)
        return [sample.text for sample in drawn]

    assert texts(1) == texts(1)
    assert texts(1) != texts(2)
    assert len(texts(1, rows=7)) == 20


def test_samples_begin_with_their_prefix(model: Decoder, grammar: Grammar) -> None:
    for sample in draw(model, grammar, count=9, limit=20, prefix=[3, 13, 7]):
        assert sample.ids[:3].tolist() == [3, 13, 7]


def test_a_cold_draw_takes_the_likeliest(model: Decoder, grammar: Grammar) -> None:
    cold = draw(model, grammar, count=5, limit=12, temperature=1e-6)
    assert len({sample.ids.tobytes() for sample in cold}) == 1
    ids = [1]
    model.eval()
    for drawn in cold[0].ids.tolist():
        with torch.inference_mode():
            logits_V = model(**one_document(torch.tensor(ids)))[-1]
        allowed = grammar.next_ids(np.array(ids[1:], dtype=np.uint16)).astype(int)
        assert drawn == allowed[int(logits_V[allowed].argmax())]
        ids.append(drawn)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"limit": 49}, "expected a limit from 1 to 48, got 49"),
        ({"limit": 2, "prefix": [3, 5]}, "expected a limit from 3"),
        ({"limit": 9, "temperature": 0.0}, "expected a temperature above 0"),
        ({"limit": 9, "prefix": [3, 4]}, "expected a prefix that goes on"),
    ],
)
def test_impossible_draws_are_refused(
    model: Decoder, grammar: Grammar, options: dict[str, object], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        draw(model, grammar, count=1, **options)  # type: ignore[arg-type]  # any option


def test_kinds_are_found_by_name(grammar: Grammar) -> None:
    assert opening_of(grammar, "word") == [3]
    assert opening_of(grammar, None) == []
    with pytest.raises(ConfigError, match="expected a kind among word, got 'list'"):
        opening_of(grammar, "list")


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
