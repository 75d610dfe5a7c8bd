//! The texts of the spec, carried in the library: written by spec/generate.py from spec/; do not edit.

/// Every file of the spec: its path below `spec/`, and its text.
#[rustfmt::skip]
pub static SPEC_TEXTS: &[(&str, &str)] = &[
    ("vocabulary.toml", include_str!("../../../spec/vocabulary.toml")),
    ("common.ebnf", include_str!("../../../spec/common.ebnf")),
    ("objects/antibody.ebnf", include_str!("../../../spec/objects/antibody.ebnf")),
    ("objects/edit.ebnf", include_str!("../../../spec/objects/edit.ebnf")),
    ("objects/infill.ebnf", include_str!("../../../spec/objects/infill.ebnf")),
    ("objects/molecule.ebnf", include_str!("../../../spec/objects/molecule.ebnf")),
    ("objects/nucleic_acid.ebnf", include_str!("../../../spec/objects/nucleic_acid.ebnf")),
    ("objects/protein.ebnf", include_str!("../../../spec/objects/protein.ebnf")),
    ("objects/reaction.ebnf", include_str!("../../../spec/objects/reaction.ebnf")),
];
