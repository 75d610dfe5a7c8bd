"""Without an optional library, importing its converter says what to install."""

from __future__ import annotations

import importlib
import sys

import pytest

CONVERTERS = {
    "logos_grammar.molecule.rdkit": ("rdkit", "expected RDKit: install logos-grammar[rdkit]"),
    "logos_grammar.reaction.rdkit": ("rdkit", "expected RDKit: install logos-grammar[rdkit]"),
    "logos_grammar.formats.biopython": (
        "Bio",
        "expected Biopython: install logos-grammar[biopython]",
    ),
    "logos_grammar.protein.biopython": (
        "Bio",
        "expected Biopython: install logos-grammar[biopython]",
    ),
    "logos_grammar.antibody.numbering": (
        "immunum",
        "expected immunum: install logos-grammar[numbering]",
    ),
}

CONVERTING = {"rdkit", "biopython", "numbering"}


@pytest.mark.parametrize("converter", CONVERTERS)
def test_a_sentence_says_what_to_install(converter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    library, message = CONVERTERS[converter]
    for name in list(sys.modules):
        if name.partition(".")[0] == library:
            monkeypatch.setitem(sys.modules, name, None)
        if name.startswith("logos_grammar.") and CONVERTING & set(name.split(".")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ImportError) as raised:
        importlib.import_module(converter)
    assert str(raised.value) == message
