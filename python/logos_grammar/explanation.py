"""Moved to `logos_grammar.grammar.explanation`; deprecated, removed in the next version."""

from logos_grammar._moved import moved
from logos_grammar.grammar.explanation import *  # noqa: F403

moved(__name__, "logos_grammar.grammar.explanation")
