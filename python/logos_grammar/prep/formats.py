"""Moved to `logos_grammar.prep.readers`; deprecated, removed in the next version."""

from logos_grammar._moved import moved
from logos_grammar.prep.readers import *  # noqa: F403

moved(__name__, "logos_grammar.prep.readers")
