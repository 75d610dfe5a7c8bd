"""Tells Hypothesis how to draw each class of objects, for ``from_type`` and ``builds``."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import Any

from logos_grammar import registry
from logos_grammar.object_types import CLASSES


def register() -> None:
    """Register every class; Hypothesis calls this when it is imported, `declare` afterwards.

    The strategies themselves are imported when one is drawn from, as they import Hypothesis.
    """
    register_type_strategy = import_module("hypothesis.strategies").register_type_strategy
    for kind, cls in {**CLASSES, **registry.classes()}.items():
        register_type_strategy(cls, partial(_objects, kind))


def _objects(kind: str, _: type) -> Any:
    return import_module("logos_grammar.testing.strategies").objects(kind)
