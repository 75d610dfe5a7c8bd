//! A molecule that may grow, and what grows on it.
//!
//! Both are molecules of the grammar of molecules, and are written and built as such: the template
//! without its holes is one, and so is a fill behind a wildcard, which is the atom that it joins.

use super::{FILL, HOLE};
use crate::objects::molecule::atom::{BRACKET_CLOSE, BRACKET_OPEN};
use crate::objects::molecule::kind::{RING_BOND, RING_CLOSE, RING_OPEN};
use crate::objects::molecule::symbol::SYMBOL;
use crate::objects::molecule::{CLOSE, Molecule, OPEN};
use crate::vocabulary::token;
use crate::wire::{Builder, First, Production, Writer};

const WILDCARD: u16 = token("*");

/// A molecule that may grow at some of its atoms.
#[derive(Clone, Debug, PartialEq)]
pub struct HoledMolecule {
    /// The molecule without its holes.
    pub molecule: Molecule,
    /// The row of the atom of each hole, ascending; an atom with several holes is there as often.
    pub holes: Vec<u32>,
}

/// ```ebnf
/// holed_component = holed_chain ;
/// holed_chain     = atom "<Hole>"* ( holed_branch* holed_link )? ;
/// holed_branch    = "(" holed_link ")" ;
/// holed_link      = bond? holed_chain ;
/// ```
impl Production for HoledMolecule {
    const FIRST: First = First(&[(OPEN, OPEN)]);

    fn write(&self, out: &mut Writer) {
        let atoms = self.molecule.atoms.len();
        for (row, &atom) in self.holes.iter().enumerate() {
            if atom as usize >= atoms {
                return out.refuse_cell(
                    "holes",
                    row,
                    format!("a hole is at one of the {atoms} atoms"),
                );
            }
            if row > 0 && atom < self.holes[row - 1] {
                return out.refuse_cell("holes", row, "holes are in the order of their atoms");
            }
        }
        let start = out.ids.len();
        out.one(&self.molecule);
        let whole = out.ids.split_off(start);
        self.write_with_holes(&whole, out);
    }

    fn build(from: &mut Builder) -> Self {
        let (mut whole, mut holes, mut atoms) = (Vec::new(), Vec::new(), 0);
        loop {
            let id = from.take();
            if id == HOLE {
                holes.push(atoms - 1);
                continue;
            }
            atoms += u32::from(SYMBOL.has(id));
            whole.push(id);
            if id == CLOSE {
                return HoledMolecule { molecule: Builder(&whole).one(), holes };
            }
        }
    }
}

impl HoledMolecule {
    /// The holes of an atom follow its ring labels.
    fn write_with_holes(&self, whole: &[u16], out: &mut Writer) {
        let (mut atoms, mut written, mut in_brackets) = (0, 0, false);
        for &id in whole {
            let is_label = RING_BOND.has(id) || RING_CLOSE.has(id) || RING_OPEN.has(id);
            while !in_brackets && !is_label && self.holes.get(written).is_some_and(|&at| at < atoms)
            {
                out.token(HOLE);
                written += 1;
            }
            out.token(id);
            match id {
                BRACKET_OPEN => in_brackets = true,
                BRACKET_CLOSE => in_brackets = false,
                _ => atoms += u32::from(SYMBOL.has(id)),
            }
        }
    }
}

/// What grows at a hole: a molecule that begins with a bare wildcard, which is the atom that it
/// joins; the wildcard alone is a hydrogen.
#[derive(Clone, Debug, PartialEq)]
pub struct MoleculeFill(pub Molecule);

/// ```ebnf
/// molecule_fill   = "<Fill>" ( attachment? component )? ;
/// attachment      = "=".."$" | "/".."<-" ;
/// ```
impl Production for MoleculeFill {
    const FIRST: First = First(&[(FILL, FILL)]);

    fn write(&self, out: &mut Writer) {
        out.token(FILL);
        let start = out.ids.len();
        out.one(&self.0);
        let whole = out.ids.split_off(start);
        match whole[..] {
            [OPEN, WILDCARD, ref rest @ .., CLOSE] => out.ids.extend(rest),
            _ => out.refuse(
                "a fill begins with a bare wildcard, the atom of the template that it joins",
            ),
        }
    }

    fn build(from: &mut Builder) -> Self {
        from.take();
        let grows = |&&id: &&u16| id != FILL && id != super::CLOSE;
        let rest = &from.0[..from.0.iter().take_while(grows).count()];
        from.0 = &from.0[rest.len()..];
        let whole = [&[OPEN, WILDCARD], rest, &[CLOSE]].concat();
        MoleculeFill(Builder(&whole).one())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objects::Infill;
    use crate::objects::molecule::smiles::from_smiles;

    fn molecule(smiles: &str) -> Molecule {
        from_smiles(smiles.as_bytes()).unwrap().molecule
    }

    fn infill(template: &str, holes: &[u32], fills: &[&str]) -> Infill {
        let template = HoledMolecule { molecule: molecule(template), holes: holes.to_vec() };
        let fills = fills.iter().map(|fill| MoleculeFill(molecule(fill))).collect();
        Infill::Molecule(Box::new(template), fills)
    }

    #[test]
    fn a_scaffold_grows_at_any_atom() {
        for (template, holes, fills) in [
            ("C", &[][..], &[][..]),
            ("C", &[0], &["*"]),
            ("c1ccccc1", &[0, 0, 3, 5], &["*", "*=O", "*c1ccccc1", "*/C=C/F"]),
            ("C1CC1C(C)(C)[13C@@H](F)C2CC2.O", &[2, 6, 6, 11], &["*C#N", "*$C", "*->[Fe]", "*~C"]),
        ] {
            let object: crate::Object = infill(template, holes, fills).into();
            let ids = crate::encode(&object).unwrap();
            assert_eq!(crate::decode(&ids).unwrap(), object, "{template}");
            assert_eq!(ids.iter().filter(|&&id| id == HOLE).count(), holes.len());
        }
    }

    #[test]
    fn what_cannot_grow_is_refused() {
        for (template, holes, fill) in [
            ("CC", [2], "*C"),
            ("CC", [0], "C"),
            ("CC", [0], "[*]C"),
            ("CC", [0], "*(C)C"),
            ("CC", [0], "*.C"),
            ("CC", [0], "*C.C"),
            ("CC", [0], "*1CC1"),
            ("cc", [0], "*:C"),
        ] {
            let object: crate::Object = infill(template, &holes, &[fill]).into();
            assert!(crate::encode(&object).is_err(), "{template} {fill}");
        }
        let turned: crate::Object = infill("CC", &[1, 0], &["*", "*"]).into();
        assert!(crate::encode(&turned).is_err());
    }
}
