"""Moved to `logos_grammar.serving.tokenizer`; deprecated, removed in the next version."""

from logos_grammar._moved import moved
from logos_grammar.serving.tokenizer import *  # noqa: F403

moved(__name__, "logos_grammar.serving.tokenizer")
