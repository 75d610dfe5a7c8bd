"""The demo runs from files to decoded samples, and goes on with what it has."""

from __future__ import annotations

from pathlib import Path

import pytest

from logos_model.demo import main


def test_the_demo_goes_from_records_to_decoded_samples(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--out", str(tmp_path), "--steps", "2", "--samples", "1"]
    assert main(given) == 0
    told = capsys.readouterr().out
    for said in ("4,000 round-tripped", "3,000 written", "$ python -m logos_model.train"):
        assert said in told
    for made in ("shards/rna/rna.bin", "model/loss.png", "model/samples.jsonl"):
        assert (tmp_path / made).is_file()
        assert str(tmp_path / made) in told
    assert main(given) == 0
    told = capsys.readouterr().out
    assert "--resume" in told
    assert "round-tripped" not in told


def test_the_demo_says_which_step_failed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("logos_model.demo._check", lambda: None)  # it takes a while, and passes
    (tmp_path / "shards").write_text("in the way")
    assert main(["--out", str(tmp_path)]) == 1
    assert "prep" in capsys.readouterr().err
