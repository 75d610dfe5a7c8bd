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
mod tables;
mod values;
mod write;

pub(crate) use assemblies::{MOST_OPERATOR_DECIMALS, WHOLES};
pub(crate) use check::all_empty;
pub use layout::{Factors, Layout};
pub use strand::StrandKind;
pub use tables::{
    Assemblies, Assembly, Atom, Atoms, CellRow, Link, LinkKind, Links, Model, Models, Operator,
    Operators, Residue, Residues, Strand, Strands, UnitCell,
};

use crate::columns::{Bytes, Columns, write_number};
use crate::object_type::ObjectType;
use crate::vocabulary::token;
use crate::wire::{Builder, First, Production, Writer};

pub(crate) const OPEN: u16 = token("<StructureS>");
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
        let mut structure = Structure {
            layout: Layout::read_bytes(from)?,
            models: Models::read_bytes(from)?,
            strands: Strands::read_bytes(from)?,
            residues: Residues::read_bytes(from)?,
            atoms: Atoms::read_bytes(from)?,
            links: Links::read_bytes(from)?,
            ..Structure::default()
        };
        read_table(from, &mut structure.cell)?;
        read_table(from, &mut structure.operators)?;
        read_table(from, &mut structure.assemblies)?;
        Some(structure)
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
fn read_table<T: Columns>(from: &mut Bytes, table: &mut Option<T>) -> Option<()> {
    *table = match from.number()? {
        0 => None,
        1 => Some(T::read_bytes(from)?),
        _ => return None,
    };
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::Words;
    use crate::number::Fixed;

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
