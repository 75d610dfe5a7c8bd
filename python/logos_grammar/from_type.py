"""The Hypothesis plugin by its earlier name, for editable installs made before it was moved."""

from logos_grammar.testing.hypothesis_plugin import register

__all__ = ["register"]
