"""The atoms of residues: read from residues.toml, written as the table of the core."""

from __future__ import annotations

import tomllib
from typing import Any

from generator.text import NOTICE, SPEC, quote
from generator.vocabulary import Vocabulary


def residues_rs(vocabulary: Vocabulary) -> str:
    """The words, and what each residue makes of them."""
    data: dict[str, Any] = tomllib.loads((SPEC / "residues.toml").read_text(encoding="utf-8"))
    elements = {word: symbol for symbol, some in data["elements"].items() for word in some.split()}
    blocks = {block.name: block for block in vocabulary.blocks}
    words = [run.text for run in blocks["atom_word"].runs]
    namings = [run.name.removeprefix("names:") for run in blocks["naming"].runs]
    if set(words) != set(elements):
        raise SystemExit(f"atom_word and residues.toml differ in {set(words) ^ set(elements)}")
    places = {word: place for place, word in enumerate(words)}

    def polymer(strand: str) -> str:
        return "None" if strand == "water" else f"Some(Polymer::{strand.capitalize()})"

    def residue(entry: dict[str, str]) -> list[str]:
        parents = [word.partition("<") for word in entry["parents"].split()]
        atoms = {atom: place for place, (atom, _, _) in enumerate(parents)}
        bonded = [
            atoms[parent] if parent else place for place, (_, _, parent) in enumerate(parents)
        ]
        aliases = [word.partition("=") for word in entry["aliases"].split()]
        named = [(places[atom], place) for atom, place in atoms.items()]
        named += [(places[word], atoms[atom]) for word, _, atom in aliases]
        lists = [[places[word] for word in entry.get(n, entry["pdb"]).split()] for n in namings]
        return [
            "    Source {",
            f"        polymer: {polymer(entry['strand'])},",
            f"        token: token({quote(entry['token'])}),",
            f"        component: {quote(entry['component'])},",
            f"        parents: &{bonded},",
            f"        words: &{named},",
            f"        lists: [{', '.join(f'&{some}' for some in lists)}],",
            "    },",
        ]

    return "\n".join(
        [
            f"//! The atoms of residues: {NOTICE}.",
            "",
            "use super::{Polymer, Source};",
            "use crate::vocabulary::token;",
            "",
            "/// How many lists of words there are.",
            f"pub const NAMINGS: usize = {len(namings)};",
            "",
            "/// How many words there are.",
            f"pub const COUNT: usize = {len(words)};",
            "",
            "/// The words, by their places in the block `atom_word`: name and element.",
            "#[rustfmt::skip]",
            "pub(super) static WORDS: [(&str, u16); COUNT] = [",
            *(f"    ({quote(word)}, token({quote(elements[word])}))," for word in words),
            "];",
            "",
            "/// What means any of several residues, each with the kind of its strand.",
            "#[rustfmt::skip]",
            "pub(super) static AMBIGUOUS: &[(&str, Polymer)] = &[",
            *(
                f"    ({quote(component)}, Polymer::{strand.capitalize()}),"
                for strand, some in data["ambiguous"].items()
                for component in some.split()
            ),
            "];",
            "",
            "/// The residues.",
            "#[rustfmt::skip]",
            "pub(super) static SOURCES: &[Source] = &[",
            *(line for entry in data["residue"] for line in residue(entry)),
            "];",
            "",
        ]
    )
