"""A configuration is read, changed, written and refused key by key."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from logos_model import train
from logos_model.config import Config, ConfigError, ModelConfig
from logos_model.decoder import Decoder
from logos_model.presets import (
    differences,
    from_table,
    preset_names,
    read_config,
    to_table,
    to_toml,
)

PARAMETERS = {
    "tiny": 1_787_008,
    "100m": 100_685_568,
    "300m": 299_942_912,
    "1b": 977_356_800,
    "3b": 2_869_079_040,
    "8b": 7_046_696_960,
    "llama-3.2-1b": 1_235_814_400 + 8192 * 2048,
    "llama-3.2-3b": 3_212_749_824 + 8192 * 3072,
    "qwen3-8b": 8_190_735_360 + 2 * 8192 * 4096,
}


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_builds_a_model_and_comes_back(name: str) -> None:
    config = read_config(name)
    assert from_table(tomllib.loads(to_toml(config))) == config
    shape = config.model
    if shape.vocabulary_rows == "auto":
        shape = replace(shape, vocabulary_rows=8192)
    assert ModelConfig.from_hugging_face(shape.to_hugging_face()) == shape
    with torch.device("meta"):
        model = Decoder(shape)
    assert sum(weight.numel() for weight in model.parameters()) == PARAMETERS[name]


def test_every_preset_is_listed() -> None:
    folder = Path(train.__file__).parent / "presets"
    assert {path.stem for path in folder.glob("*.toml")} == set(preset_names()) == set(PARAMETERS)


def test_rows_are_a_number_before_a_model_is_built(config: Config) -> None:
    with pytest.raises(ConfigError, match=r"expected model\.vocabulary_rows as a number"):
        Decoder(replace(config.model, vocabulary_rows="auto"))


def test_settings_change_single_values() -> None:
    changed = read_config(
        "tiny",
        [
            "training.steps=7",
            "optimizer.schedule=cosine",
            "optimizer.learning_rate = 1",
            'system.compile="auto"',
            "system.float8=true",
            'data.sources=[{name="a", paths=["x y"], weight=2}]',
        ],
    )
    assert differences(read_config("tiny"), changed) == {
        "data.sources": ([], [to_table(changed.data.sources[0])]),
        "optimizer.learning_rate": (3e-3, 1.0),
        "optimizer.schedule": ("stable", "cosine"),
        "system.float8": (False, True),
        "training.steps": (300, 7),
    }
    assert from_table(tomllib.loads(to_toml(changed))) == changed


def test_a_file_may_begin_from_a_preset(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('preset = "1b"\n[training]\nsteps = 9\n')
    assert read_config(str(file)) == read_config("1b", ["training.steps=9"])


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("training.step=5", "unknown key training.step: did you mean training.steps"),
        ("trainin.steps=4", "unknown key trainin: did you mean training"),
        ("steps=-1", r"unknown key steps: did you mean training\.steps$"),
        ("head=1", r"unknown key head: did you mean extension\.head$"),
        ("seed=1", r"unknown key seed: did you mean .*training\.seed"),
        ("training.steps=x", "expected a whole number for training.steps, got 'x'"),
        ("training.steps=true", "expected a whole number for training.steps, got True"),
        ("training.steps=0", "expected training.steps of at least 1, got 0"),
        ("training.context=257", "expected training.context of at most model.max_position_emb"),
        ("system.compile=maybe", "expected true or false or auto for system.compile"),
        ("system.precision=int8", "expected float32 or bfloat16 or auto for system.precision"),
        ("optimizer.method=sgd", "expected adamw or muon for optimizer.method, got 'sgd'"),
        ("optimizer.learning_rate=-1", "expected optimizer.learning_rate above 0"),
        ("model.head_dim=7", "expected an even model.head_dim, got 7"),
        ("model.num_key_value_heads=3", "expected model.num_key_value_heads that divides 4"),
        ("model.rope_scaling.factor=3", "a value for model.rope_scaling.low_freq_factor"),
        ("data.sources=[{name='x'}]", r"expected a value for data.sources\[0\].paths"),
        ("data.sources=3", "expected a list of a table for data.sources, got 3"),
        ("model=3", "expected a table for model, got 3"),
        ("steps", "expected a setting such as training.steps=100, got 'steps'"),
        ("a b=3", "expected a setting such as training.steps=100, got 'a b=3'"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused(setting: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read_config("tiny", [setting])


def test_a_configuration_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"expected a preset \(tiny, .*'tinny': did you mean tiny"
    ):
        read_config("tinny")
    with pytest.raises(ConfigError, match=r"expected a configuration at .*none.toml: No such file"):
        read_config(str(tmp_path / "none.toml"))
    odd = tmp_path / "odd.toml"
    odd.write_text("[training\n")
    with pytest.raises(ConfigError, match=r"expected TOML in .*odd.toml"):
        read_config(str(odd))
    with pytest.raises(ConfigError, match="expected hidden_size"):
        ModelConfig.from_hugging_face({"model_type": "llama", "vocab_size": 3})
    with pytest.raises(ConfigError, match="expected model_type llama or qwen3"):
        ModelConfig.from_hugging_face({"model_type": "gpt2"})


def test_rows_are_shared_evenly_among_ranks_and_passes(config: Config) -> None:
    training = replace(config.training, batch_rows=12, pass_rows=3)
    assert [training.rows_of_a_pass(ranks) for ranks in (1, 2, 4, 6)] == [3, 3, 3, 2]
    assert replace(training, pass_rows="auto").rows_of_a_pass(2) == 6
    with pytest.raises(ConfigError, match="divisible by 5 ranks, got 12"):
        training.rows_of_a_pass(5)
    with pytest.raises(ConfigError, match="divides the 4 rows of a rank, got 3"):
        training.rows_of_a_pass(3)


def test_the_command_prints_its_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    assert train.main(["--config", "1b", "--steps", "5", "--print-config"]) == 0
    table = tomllib.loads(capsys.readouterr().out)
    assert from_table(table) == read_config("1b", ["training.steps=5"])
    with pytest.raises(SystemExit, match=r"did you mean training\.steps"):
        train.main(["--set", "training.stops=5", "--print-config"])
