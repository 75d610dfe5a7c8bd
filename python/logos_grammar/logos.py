"""Moved to `logos_grammar.formats.logos`; deprecated, removed in the next version."""

from logos_grammar._moved import moved
from logos_grammar.formats.logos import *  # noqa: F403

moved(__name__, "logos_grammar.formats.logos")
