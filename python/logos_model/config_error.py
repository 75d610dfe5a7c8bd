"""The error of every configuration."""

from __future__ import annotations


class ConfigError(ValueError):
    """A configuration that cannot be built, or one that a run was not begun with."""
