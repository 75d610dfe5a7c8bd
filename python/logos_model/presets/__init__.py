"""Configurations as TOML: presets by name, files, single settings, and back to text."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from logos_model.config import Config, ConfigError

Table = dict[str, Any]


def preset_names() -> tuple[str, ...]:
    """Return the names of the presets, the smallest model first, language models last."""
    found = {path.name.removesuffix(".toml") for path in files(__name__).iterdir()}
    return tuple(name for name in _ORDER if name in found)


_ORDER = (
    *("tiny", "100m", "300m", "1b", "3b", "8b"),
    *("llama-3.2-1b", "llama-3.2-3b", "qwen3-8b"),
)


def read_config(name: str, settings: Sequence[str] = ()) -> Config:
    """Return the configuration of a preset or of a TOML file, with single settings in place.

    Parameters
    ----------
    name
        Name of a preset, or path of a TOML file. A file may begin from a preset: `preset = "1b"`.
    settings
        Settings such as "training.steps=100"; the value is TOML, and text needs no quotes.

    Raises
    ------
    ConfigError
        If there is no such preset or file, a key is unknown, or a value does not fit.
    """
    table = _table(name)
    for setting in settings:
        _merge(table, _setting(setting))
    return from_table(table)


def from_table(table: Mapping[str, Any]) -> Config:
    """Return the configuration of nested tables, as TOML and JSON give them."""
    config: Config = _build(Config, table, "")
    return config


def to_table(config: Any) -> Table:
    """Return a configuration as nested tables without its missing values."""
    return {
        field.name: _plain(value)
        for field in fields(config)
        if (value := getattr(config, field.name)) is not None
    }


def to_toml(config: Config) -> str:
    """Return `config` as a TOML file that `read_config` reads back equal."""
    return "\n".join(_sections(to_table(config), "")).lstrip("\n") + "\n"


def differences(old: Config, new: Config) -> dict[str, tuple[Any, Any]]:
    """Return the keys whose values differ, each with the old and the new value."""
    before, after = _flat(to_table(old)), _flat(to_table(new))
    keys = sorted(before.keys() | after.keys())
    return {
        key: (before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)
    }


def _table(name: str) -> Table:
    path = Path(name)
    if name in preset_names():
        return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    if path.suffix != ".toml":
        raise ConfigError(
            f"expected a preset ({', '.join(preset_names())}) or a .toml file, got {name!r}"
            + _nearest(name, preset_names())
        )
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"expected a configuration at {path}: {error.strerror}") from None
    except ValueError as error:
        raise ConfigError(f"expected TOML in {path}: {error}") from None
    whole = _table(str(table.pop("preset"))) if "preset" in table else {}
    _merge(whole, table)
    return whole


def _setting(text: str) -> Table:
    key, equals, value = text.partition("=")
    if not equals:
        raise ConfigError(f"expected a setting such as training.steps=100, got {text!r}")
    try:
        return tomllib.loads(f"{key} = {value}")
    except ValueError:
        try:
            return tomllib.loads(f"{key} = {_toml(value.strip())}")
        except ValueError:
            raise ConfigError(
                f"expected a setting such as training.steps=100, got {text!r}"
            ) from None


def _merge(table: Table, other: Mapping[str, Any]) -> None:
    """Put the values of `other` into `table`, table by table."""
    for key, value in other.items():
        if isinstance(value, Mapping) and isinstance(table.get(key), dict):
            _merge(table[key], value)
        else:
            table[key] = value


def _build(kind: Any, table: Any, path: str) -> Any:
    """Build a dataclass of type `kind` from a table; `path` is its key."""
    if not isinstance(table, Mapping):
        raise ConfigError(f"expected a table for {path}, got {table!r}")
    hints = get_type_hints(kind)
    for key in table:
        if key not in hints:
            name = f"{path}.{key}".lstrip(".")
            raise ConfigError(f"unknown key {name}" + _meant(name, key))
    for field in fields(kind):
        if field.name not in table and field.default is MISSING:
            raise ConfigError(f"expected a value for {path}.{field.name}".replace(" .", " "))
    return kind(
        **{
            key: _value(hints[key], value, f"{path}.{key}".lstrip("."))
            for key, value in table.items()
        }
    )


def _value(hint: Any, value: Any, path: str) -> Any:  # noqa: PLR0911, PLR0912 (each kind of type)
    """Return `value` as the type `hint`, or raise a ConfigError that names the key `path`."""
    origin, options = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        for option in options:
            try:
                return _value(option, value, path)
            except ConfigError:
                if is_dataclass(option) and isinstance(value, Mapping):
                    raise
    elif origin is Literal:
        if value in options:
            return value
    elif origin is tuple:
        if isinstance(value, list | tuple):
            return tuple(_value(options[0], one, f"{path}[{at}]") for at, one in enumerate(value))
    elif is_dataclass(hint):
        return _build(hint, value, path)
    elif hint is NoneType:
        if value is None:
            return None
    elif hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    elif isinstance(value, hint) and (hint is bool) == isinstance(value, bool):
        return value
    raise ConfigError(f"expected {_said(hint)} for {path}, got {value!r}")


def _said(hint: Any) -> str:
    """Return a type in words."""
    options = get_args(hint)
    if get_origin(hint) is Literal:
        return " or ".join(map(str, options))
    if get_origin(hint) is tuple:
        return f"a list of {_said(options[0])}"
    if options:
        return " or ".join(_said(option) for option in options if option is not NoneType)
    words = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}
    return words.get(hint, "a table")


def _nearest(key: str, known: Iterable[str]) -> str:
    found = get_close_matches(key, list(known), n=1, cutoff=0.4)
    return f": did you mean {found[0]}" if found else ""


def _meant(name: str, key: str) -> str:
    """The keys that have this last part, in whatever table, else the one that is spelled alike."""
    keys = _keys(Config)
    found = [each for each in keys if each.rpartition(".")[2] == key]
    return f": did you mean {' or '.join(found)}" if found else _nearest(name, keys)


def _keys(kind: Any, path: str = "") -> list[str]:
    """The keys of a configuration, those of its tables too."""
    found: list[str] = []
    for name, hint in get_type_hints(kind).items():
        key = f"{path}.{name}".lstrip(".")
        tables = [each for each in (hint, *get_args(hint)) if is_dataclass(each)]
        found += [key, *(inner for table in tables for inner in _keys(table, key))]
    return found


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return to_table(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value


def _flat(table: Table, path: str = "") -> Table:
    flat: Table = {}
    for key, value in table.items():
        name = f"{path}.{key}".lstrip(".")
        flat |= _flat(value, name) if isinstance(value, dict) else {name: value}
    return flat


def _sections(table: Table, path: str) -> list[str]:
    lines = [
        f"{key} = {_toml(value)}" for key, value in table.items() if not isinstance(value, dict)
    ]
    for key, value in table.items():
        if isinstance(value, dict):
            name = f"{path}.{key}".lstrip(".")
            lines += ["", f"[{name}]", *_sections(value, name)]
    return lines


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        # TOML has JSON's escapes, and requires one more character to be escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    return repr(value)
