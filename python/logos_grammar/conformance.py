"""Moved to `logos_grammar.grammar.conformance`; deprecated, removed in the next version."""

from logos_grammar._moved import moved
from logos_grammar.grammar.conformance import *  # noqa: F403

moved(__name__, "logos_grammar.grammar.conformance")
