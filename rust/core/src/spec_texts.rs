//! The texts of the spec, carried in the library: written by spec/generate.py from spec/; do not edit.

/// Every file of the spec: its path below `spec/`, and its text.
#[rustfmt::skip]
pub static SPEC_TEXTS: &[(&str, &str)] = &[
    ("vocabulary.toml", include_str!("../../../spec/vocabulary.toml")),
    ("versions.toml", include_str!("../../../spec/versions.toml")),
    ("common.ebnf", include_str!("../../../spec/common.ebnf")),
    ("residues.toml", include_str!("../../../spec/residues.toml")),
    ("objects/antibody.ebnf", include_str!("../../../spec/objects/antibody.ebnf")),
    ("objects/complex.ebnf", include_str!("../../../spec/objects/complex.ebnf")),
    ("objects/conformer.ebnf", include_str!("../../../spec/objects/conformer.ebnf")),
    ("objects/edit.ebnf", include_str!("../../../spec/objects/edit.ebnf")),
    ("objects/infill.ebnf", include_str!("../../../spec/objects/infill.ebnf")),
    ("objects/molecule.ebnf", include_str!("../../../spec/objects/molecule.ebnf")),
    ("objects/nucleic_acid.ebnf", include_str!("../../../spec/objects/nucleic_acid.ebnf")),
    ("objects/pocket.ebnf", include_str!("../../../spec/objects/pocket.ebnf")),
    ("objects/protein.ebnf", include_str!("../../../spec/objects/protein.ebnf")),
    ("objects/reaction.ebnf", include_str!("../../../spec/objects/reaction.ebnf")),
    ("objects/structure.ebnf", include_str!("../../../spec/objects/structure.ebnf")),
    ("vectors/antibody.jsonl", include_str!("../../../spec/vectors/antibody.jsonl")),
    ("vectors/complex.jsonl", include_str!("../../../spec/vectors/complex.jsonl")),
    ("vectors/conformer.jsonl", include_str!("../../../spec/vectors/conformer.jsonl")),
    ("vectors/edit.jsonl", include_str!("../../../spec/vectors/edit.jsonl")),
    ("vectors/infill.jsonl", include_str!("../../../spec/vectors/infill.jsonl")),
    ("vectors/molecule.jsonl", include_str!("../../../spec/vectors/molecule.jsonl")),
    ("vectors/nucleic_acid.jsonl", include_str!("../../../spec/vectors/nucleic_acid.jsonl")),
    ("vectors/pocket.jsonl", include_str!("../../../spec/vectors/pocket.jsonl")),
    ("vectors/protein.jsonl", include_str!("../../../spec/vectors/protein.jsonl")),
    ("vectors/reaction.jsonl", include_str!("../../../spec/vectors/reaction.jsonl")),
    ("vectors/structure.jsonl", include_str!("../../../spec/vectors/structure.jsonl")),
];
