//! Structure: models, strands, residues and atoms in the order of their file, to the last digit.

mod assemblies;
mod build;
mod check;
mod header;
mod layout;
mod letters;
mod links;
mod names;
mod naming;
mod numbering;
mod placed;
mod plan;
mod strand;
mod values;
mod write;

pub(crate) use assemblies::{MOST_OPERATOR_DECIMALS, WHOLES};
pub(crate) use check::all_empty;
pub use layout::{Factors, Layout};
pub use strand::StrandKind;

use crate::columns;
use crate::columns::{Bytes, Columns, Words, write_number};
use crate::number::Fixed;
use crate::object_type::ObjectType;
use crate::vocabulary::token;
use crate::wire::{Builder, First, Production, Writer};

const OPEN: u16 = token("<StructureS>");
const CLOSE: u16 = token("<StructureE>");

/// The coordinates of macromolecules as a file has them.
///
/// Nothing is sorted and no key is unique. A row of a table says to which row of the table above it
/// belongs; the numbers of these rows ascend, so that the atoms of a residue, the residues of a
/// strand and the strands of a model are each one run. What a file has in several runs is several
/// rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Structure {
    /// What the sentence of the structure says of all its atoms at once.
    pub layout: Layout,
    /// Its models.
    pub models: Models,
    /// The strands of all models.
    pub strands: Strands,
    /// The residues of all strands.
    pub residues: Residues,
    /// The atoms of all residues.
    pub atoms: Atoms,
    /// Links between residues that do not follow from the sequence.
    pub links: Links,
    /// Its unit cell, if it has one.
    pub cell: Option<UnitCell>,
    /// Operators that make copies of chains, if it has some.
    pub operators: Option<Operators>,
    /// Its assemblies, if it has some.
    pub assemblies: Option<Assemblies>,
}

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
        /// The code of its [`StrandKind`]: which residues have a letter.
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

/// ```ebnf
/// structure = "<StructureS>" naming grid "<Sequence>"? "<EmptyLabels>"? "<EmptyEntities>"? occupancies? b_factors? anisotropics? distances? lattice? operators? assembly* model* "<StructureE>" ;
///     where: only_after(sequence_place, "<Sequence>")
///     where: not_after(label, "<EmptyLabels>")
///     where: not_after(entity, "<EmptyEntities>")
///     where: only_after(occupancy, "<Occupancies>")
///     where: only_after(residue_b_factor, "<ResidueBFactors>", "<AtomBFactors>")
///     where: only_after(atom_b_factor, "<AtomBFactors>")
///     where: only_after(anisotropic, "<Anisotropics>")
///     where: only_after(distance, "<Distances>")
///     where: so_far(back, first_point, later_point)
///     where: out_of_turn(said_word, first_atom, later_atom)
/// ```
impl Production for Structure {
    const FIRST: First = First(&[(OPEN, OPEN)]);

    fn write(&self, out: &mut Writer) {
        out.token(OPEN);
        write::write(self, out);
        out.token(CLOSE);
    }

    fn build(from: &mut Builder) -> Self {
        from.take();
        let structure = build::build(from);
        from.take();
        structure
    }
}

impl ObjectType for Structure {
    const WRITES_SENTENCES: bool = true;

    /// Something is built of any ids, and its sentence compared with them: whatever is written is a
    /// sentence.
    fn read_fast(ids: &[u16]) -> Option<Self> {
        let mut from = Builder(ids);
        let structure = Structure::build(&mut from);
        let mut out = Writer::behind(Vec::with_capacity(ids.len()));
        structure.write(&mut out);
        let written = out.finish().ok()?;
        (from.peek().is_none() && written == ids).then_some(structure)
    }
}

impl Columns for Structure {
    fn write_bytes(&self, out: &mut Vec<u8>) {
        self.layout.write_bytes(out);
        self.models.write_bytes(out);
        self.strands.write_bytes(out);
        self.residues.write_bytes(out);
        self.atoms.write_bytes(out);
        self.links.write_bytes(out);
        write_table(self.cell.as_ref(), out);
        write_table(self.operators.as_ref(), out);
        write_table(self.assemblies.as_ref(), out);
    }

    fn read_bytes(from: &mut Bytes) -> Option<Self> {
        Some(Structure {
            layout: Layout::read_bytes(from)?,
            models: Models::read_bytes(from)?,
            strands: Strands::read_bytes(from)?,
            residues: Residues::read_bytes(from)?,
            atoms: Atoms::read_bytes(from)?,
            links: Links::read_bytes(from)?,
            cell: read_table(from)?,
            operators: read_table(from)?,
            assemblies: read_table(from)?,
        })
    }
}

/// Append a table that may be absent: 1 and its bytes, or 0.
fn write_table<T: Columns>(table: Option<&T>, out: &mut Vec<u8>) {
    write_number(i64::from(table.is_some()), out);
    if let Some(table) = table {
        table.write_bytes(out);
    }
}

/// Read a table that may be absent; `None` when the bytes are something else.
fn read_table<T: Columns>(from: &mut Bytes) -> Option<Option<T>> {
    match from.number()? {
        0 => Some(None),
        1 => Some(Some(T::read_bytes(from)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_hold_everything() {
        let fixed = |scaled: i64| Fixed { decimals: 3, scaled: vec![scaled] };
        let words = |word: &str| [word].into_iter().collect::<Words>();
        let cell = UnitCell {
            a: fixed(1),
            b: fixed(2),
            c: fixed(3),
            alpha: fixed(4),
            beta: fixed(5),
            gamma: fixed(6),
            space_group: words("P 1"),
        };
        let mut operators = Operators::with_decimals([3, 2]);
        operators.id.push_word(b"P");
        operators.rows_mut().into_iter().flatten().for_each(|column| column.scaled.push(7));
        let assemblies = Assemblies { id: words("1"), chains: words("A,B"), operators: words("P") };
        for (cell, operators, assemblies) in [
            (Some(cell), None, None),
            (None, Some(operators), Some(assemblies)),
            (None, None, None),
        ] {
            let structure = Structure { cell, operators, assemblies, ..Structure::default() };
            let bytes = structure.to_bytes();
            assert_eq!(Structure::from_bytes(&bytes), Some(structure));
            assert_eq!(Structure::from_bytes(&bytes[..bytes.len() - 8]), None);
        }
    }
}
