//! Strand: what kinds of strands there are.

/// Which residues of a strand have a letter; the others have names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum StrandKind {
    /// Amino acids.
    Protein = 0,
    /// Deoxyribonucleotides.
    Dna = 1,
    /// Ribonucleotides.
    Rna = 2,
    /// None.
    Hetero = 3,
}

impl StrandKind {
    /// Every kind, by code.
    pub const ALL: [StrandKind; 4] =
        [StrandKind::Protein, StrandKind::Dna, StrandKind::Rna, StrandKind::Hetero];

    /// The kind of a code.
    #[must_use]
    pub fn of(code: u8) -> Option<Self> {
        StrandKind::ALL.get(usize::from(code)).copied()
    }
}
