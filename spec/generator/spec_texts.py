"""The texts of the spec, as the core carries them."""

from __future__ import annotations

from generator.text import NOTICE, SPEC


def spec_texts_rs(types: tuple[str, ...]) -> str:
    """The texts of the spec, carried inside the library."""
    files = [
        "vocabulary.toml",
        "versions.toml",
        "common.ebnf",
        "residues.toml",
        *(f"objects/{name}.ebnf" for name in types),
        # A new type has none until the core knows it.
        *(f"vectors/{file.name}" for file in sorted((SPEC / "vectors").glob("*.jsonl"))),
    ]
    lines = [
        f"//! The texts of the spec, carried in the library: {NOTICE}.",
        "",
        "/// Every file of the spec: its path below `spec/`, and its text.",
        "#[rustfmt::skip]",
        "pub static SPEC_TEXTS: &[(&str, &str)] = &[",
        *(f'    ("{file}", include_str!("../../../spec/{file}")),' for file in files),
        "];",
        "",
    ]
    return "\n".join(lines)
