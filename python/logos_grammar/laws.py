"""Moved to `logos_grammar.testing.laws`; deprecated, removed in the next version."""

from logos_grammar._moved import moved
from logos_grammar.testing.laws import *  # noqa: F403

moved(__name__, "logos_grammar.testing.laws")
