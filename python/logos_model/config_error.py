"""The error of every configuration, and its most frequent reason."""

from __future__ import annotations


class ConfigError(ValueError):
    """A configuration that cannot be built, or one that a run was not begun with."""


def check_least(section: str, config: object, *names: str, least: int) -> None:
    """Refuse fields of a section below `least`; those that are "auto" are left out."""
    for name in names:
        value = getattr(config, name)
        if value != "auto" and value < least:
            choice = '"auto" or ' if name in _AUTO else ""
            raise ConfigError(f"expected {section}.{name} of {choice}at least {least}, got {value}")


_AUTO = ("vocabulary_rows", "pass_rows")
