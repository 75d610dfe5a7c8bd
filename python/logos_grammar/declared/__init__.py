"""Object types that users declare: a grammar and the dataclasses that its rules are."""

from __future__ import annotations

import sys

from logos_grammar import _core
from logos_grammar.declared.fields import record_of
from logos_grammar.declared.object_type import ObjectType
from logos_grammar.object_types import CLASSES
from logos_grammar.registry import add, named
from logos_grammar.testing.hypothesis_plugin import register

__all__ = ["ObjectType", "declare", "grammar_of"]


def declare(grammar_text: str, cls: type) -> ObjectType:
    """Declare an object type, so that it is encoded, decoded, masked and drawn as the others.

    From then on `encode`, `decode`, `check`, `next_ids`, `Recognizer(kind)`, the strategies, the
    laws, ``explain`` and ``spec`` know it, in this process. A package makes its types known
    everywhere by an entry point of the group ``logos_grammar.types`` that names what this returns.

    Parameters
    ----------
    grammar_text
        Sections of tokens, rules, conditions and examples, in the notation of ``spec/README.md``.
        The first rule is the object and its name the kind; the rules of the spec can be used.
    cls
        The dataclass of the first rule. Its fields are, in their order, the parts of the rule that
        say something: a token of several is its name, ``index`` an int, ``number`` a Decimal,
        ``component_name`` a str, an object of the spec that object; ``x?`` may be None, ``x*`` is
        a tuple, a choice a union; a part that is only there or not is a bool, one that is only
        repeated an int. A rule with several such parts has a dataclass of its own, named in the
        annotation of the field.

    Returns
    -------
    ObjectType
        Its tokens, its fingerprint, and the laws that it keeps.

    Raises
    ------
    ValueError
        If it is not a grammar, one token does not decide, what it opens could not always be closed,
        a name or an id is taken, or an example is not what it says.
    TypeError
        If the fields of a class are not the parts of its rule.
    """
    if cls in CLASSES.values():
        raise TypeError(f"{cls.__name__} is a class of the spec: expected one of your own")
    text = grammar_text.replace("\r\n", "\n")
    grammar = _core.Grammar(text)
    if grammar.kind == "common":
        raise ValueError("common is a page of the spec: expected another name for the object type")
    try:
        declared = ObjectType.of(text, grammar, record_of(grammar, cls))
    except RecursionError:
        raise ValueError(f"the rules of {grammar.kind} nest too deep: expected fewer") from None
    declared.try_examples()
    add(declared)
    if "hypothesis" in sys.modules:
        register()
    return declared


def grammar_of(kind: str) -> _core.Grammar | None:
    """The grammar of a declared object type, or None."""
    found = named(kind)
    return None if found is None else found.grammar
