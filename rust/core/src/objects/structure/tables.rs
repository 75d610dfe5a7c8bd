//! Tables: the columns of a structure, and what the codes of links mean.

use crate::columns;
use crate::columns::Words;
use crate::number::Fixed;

columns! {
    /// The models of a structure, each a run of rows with one number.
    pub struct Models of Model {
        /// Its number in the file; 1 in a file that numbers none.
        number: Vec<i32>,
    }
}

columns! {
    /// The strands of a structure: runs of residues with one chain, label and segment, cut where a
    /// polymer ends.
    pub struct Strands of Strand {
        /// The row of its model.
        model: Vec<u32>,
        /// The code of its [`StrandKind`](super::StrandKind): which residues have a letter.
        kind: Vec<u8>,
        /// The name that its authors gave the chain (`auth_asym_id`); may be empty.
        chain: Words,
        /// The name of the strand in mmCIF (`label_asym_id`), empty where it is not given.
        label: Option<Words>,
        /// The entity of which it is an instance (`label_entity_id`), empty where it is not given.
        entity: Option<Words>,
        /// The segment of columns 73 to 76 of PDB, empty where it is blank.
        segment: Option<Words>,
    }
}

columns! {
    /// The residues of a structure: runs of atoms with one number, insertion code and component.
    /// One without atoms is in the sequence and was not seen.
    pub struct Residues of Residue {
        /// The row of its strand.
        strand: Vec<u32>,
        /// The name of its component, such as `ALA` or `HOH`.
        component: Words,
        /// The number that its authors gave it (`auth_seq_id`); 0 where the state is not 0.
        number: Vec<i32>,
        /// 0 where the number is stated, 1 where it is unknown, 2 where it does not apply; absent
        /// when every number is stated.
        number_state: Option<Vec<u8>>,
        /// Its insertion code, empty for none.
        insertion: Words,
        /// Whether its record is HETATM.
        hetero: Vec<bool>,
        /// Its place in the sequence of its entity, from 1 (`label_seq_id`); 0 where the state is
        /// not 0.
        label_seq: Option<Vec<i32>>,
        /// As `number_state`, of `label_seq`.
        label_seq_state: Option<Vec<u8>>,
    }
}

columns! {
    /// The atoms of a structure.
    pub struct Atoms of Atom {
        /// The row of its residue.
        residue: Vec<u32>,
        /// Its name in the component, without blanks around it; may be empty.
        name: Words,
        /// Its element, as chemists write it (`C`, `Cl`); `D` for deuterium, `X` where it is unknown.
        element: Words,
        /// The alternative location of which it is, empty for none.
        altloc: Words,
        /// Its coordinates in ångström; all three columns have one count of decimals.
        x: Fixed,
        /// See `x`.
        y: Fixed,
        /// See `x`.
        z: Fixed,
        /// Its occupancy; absent when the file has none.
        occupancy: Option<Fixed>,
        /// Its B factor in Å², or what a file has in its place, such as pLDDT; absent when the file
        /// has none.
        b_factor: Option<Fixed>,
        /// 0 where its B factor is stated, 1 where it is unknown and 0 stands for it; absent when
        /// every one is stated.
        b_factor_state: Option<Vec<u8>>,
        /// Its formal charge, 0 where none is given.
        charge: Vec<i8>,
        /// 0 where its anisotropic displacement is stated, 2 where it has none; absent when every
        /// atom has one, and with the six columns when no atom has.
        anisotropic_state: Option<Vec<u8>>,
        /// Its anisotropic displacement in Å², 0 in all six columns where it has none; they have one
        /// count of decimals.
        u11: Option<Fixed>,
        /// See `u11`.
        u22: Option<Fixed>,
        /// See `u11`.
        u33: Option<Fixed>,
        /// See `u11`.
        u12: Option<Fixed>,
        /// See `u11`.
        u13: Option<Fixed>,
        /// See `u11`.
        u23: Option<Fixed>,
    }
}

columns! {
    /// Links between residues that do not follow from the sequence, and between an atom and an image
    /// of another, in the order of their later atoms.
    pub struct Links of Link {
        /// The row of its earlier atom.
        begin: Vec<u32>,
        /// The row of its later atom; the same where an atom is linked to its own image.
        end: Vec<u32>,
        /// The code of its [`LinkKind`].
        kind: Vec<u8>,
        /// The symmetry operator of its earlier atom, such as `2_655`; empty for the identity,
        /// absent when all are empty.
        begin_symmetry: Option<Words>,
        /// As `begin_symmetry`, of its later atom.
        end_symmetry: Option<Words>,
        /// Its length in ångström as the file gives it, absent when no link has one.
        distance: Option<Fixed>,
        /// 0 where its distance is stated, 1 where it is unknown and 0 stands for it; absent when
        /// every one is stated.
        distance_state: Option<Vec<u8>>,
    }
}

columns! {
    /// A unit cell: a table of one row.
    pub struct UnitCell of CellRow {
        /// Its edges in ångström; the three have one count of decimals.
        a: Fixed,
        /// See `a`.
        b: Fixed,
        /// See `a`.
        c: Fixed,
        /// Its angles in degrees; the three have one count of decimals.
        alpha: Fixed,
        /// See `alpha`.
        beta: Fixed,
        /// See `alpha`.
        gamma: Fixed,
        /// Its space group as the file writes it, such as `P 21 21 21`; empty where none is given.
        space_group: Words,
    }
}

columns! {
    /// Operators, each a matrix and a vector: a point is moved by the matrix, then by the vector.
    pub struct Operators of Operator {
        /// Its name, such as `1` or `P`.
        id: Words,
        /// Its matrix, row by row; the nine columns have one count of decimals.
        m11: Fixed,
        /// See `m11`.
        m12: Fixed,
        /// See `m11`.
        m13: Fixed,
        /// See `m11`.
        m21: Fixed,
        /// See `m11`.
        m22: Fixed,
        /// See `m11`.
        m23: Fixed,
        /// See `m11`.
        m31: Fixed,
        /// See `m11`.
        m32: Fixed,
        /// See `m11`.
        m33: Fixed,
        /// Its vector in ångström; the three columns have one count of decimals.
        v1: Fixed,
        /// See `v1`.
        v2: Fixed,
        /// See `v1`.
        v3: Fixed,
    }
}

columns! {
    /// Assemblies: copies of chains. One that has several lists of chains has as many rows.
    pub struct Assemblies of Assembly {
        /// Its name, such as `1`.
        id: Words,
        /// The chains that are copied, with commas between: labels of strands where these have
        /// labels, else the names that authors gave the chains.
        chains: Words,
        /// The operators that make the copies, as mmCIF writes them: `1,2,3`, `(1-60)`, `(1-60)(P,Q)`.
        operators: Words,
    }
}

/// What a link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum LinkKind {
    /// A covalent bond.
    Covalent = 0,
    /// A bond between two sulfurs.
    Disulfide = 1,
    /// The coordination of a metal.
    Metal = 2,
    /// A hydrogen bond.
    HydrogenBond = 3,
    /// A salt bridge.
    SaltBridge = 4,
    /// A pair of bases that do not match.
    Mismatch = 5,
    /// A bond that modifies a residue.
    Modification = 6,
    /// A covalent bond of a base.
    CovalentBase = 7,
    /// A covalent bond of a phosphate.
    CovalentPhosphate = 8,
    /// A covalent bond of a sugar.
    CovalentSugar = 9,
}

impl LinkKind {
    /// Every kind, by code.
    pub const ALL: [LinkKind; 10] = [
        LinkKind::Covalent,
        LinkKind::Disulfide,
        LinkKind::Metal,
        LinkKind::HydrogenBond,
        LinkKind::SaltBridge,
        LinkKind::Mismatch,
        LinkKind::Modification,
        LinkKind::CovalentBase,
        LinkKind::CovalentPhosphate,
        LinkKind::CovalentSugar,
    ];

    /// The kind of a code.
    #[must_use]
    pub fn of(code: u8) -> Option<Self> {
        LinkKind::ALL.get(usize::from(code)).copied()
    }

    /// Whether it is a covalent bond or the coordination of a metal.
    #[must_use]
    pub fn is_bond(self) -> bool {
        use LinkKind::{HydrogenBond, Mismatch, Modification, SaltBridge};

        !matches!(self, HydrogenBond | SaltBridge | Mismatch | Modification)
    }
}
