"""Moved to `grammar.notation` and `grammar.spec`; deprecated, removed in the next version."""

from logos_grammar._moved import moved
from logos_grammar.grammar.notation import *  # noqa: F403
from logos_grammar.grammar.spec import *  # noqa: F403

moved(__name__, "logos_grammar.grammar.notation and logos_grammar.grammar.spec")
