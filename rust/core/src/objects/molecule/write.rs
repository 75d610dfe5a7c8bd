//! Writing a molecule's sentence: the mirror of `read`.

use std::borrow::Cow;

use super::kind::{BOND_BASE, RING_BOND_BASE, close_token, open_token};
use super::labels::Labels;
use super::walk::NONE;
use super::{BRANCH_CLOSE, BRANCH_OPEN, Bond, DOT, Molecule, Order};
use crate::wire::Writer;

const UNJOINED: &str = "unjoined(ring_close, ring_open, atom)";
const NOT_ON_PATH: &str = "a ring bond leads to an earlier atom on the path";

/// Write the components of a molecule, or tell the writer why it cannot be written.
pub(super) fn write_components(molecule: &Molecule, out: &mut Writer) {
    if molecule.atoms.is_empty() {
        return out.refuse("a molecule has an atom");
    }
    let written = Plan::new(molecule).and_then(|plan| plan.write(molecule, out));
    if let Err(Refusal { column, row, condition }) = written {
        out.refuse_cell(column, row, condition);
    }
}

/// A cell that keeps a molecule from being written.
struct Refusal {
    column: &'static str,
    row: usize,
    condition: Cow<'static, str>,
}

fn refuse<T>(
    column: &'static str,
    row: usize,
    condition: impl Into<Cow<'static, str>>,
) -> Result<T, Refusal> {
    Err(Refusal { column, row, condition: condition.into() })
}

/// What must be known of every atom before the first is written.
struct Plan {
    /// The bonds that end at atom i are `bonds[first[i]..first[i + 1]]`.
    first: Vec<u32>,
    /// How many children of each atom are not yet written.
    children: Vec<u32>,
    /// How many rings each atom opens.
    opens: Vec<u32>,
}

impl Plan {
    fn new(molecule: &Molecule) -> Result<Self, Refusal> {
        let n = molecule.atoms.len();
        let mut plan = Plan { first: vec![0; n + 1], children: vec![0; n], opens: vec![0; n] };
        let mut last = 0;
        for (row, bond) in molecule.bonds.iter().enumerate() {
            if bond.end as usize >= n {
                return refuse("end", row, format!("a bond ends at one of the {n} atoms"));
            }
            if bond.begin >= bond.end {
                return refuse("begin", row, "a bond leads from an earlier atom to a later one");
            }
            if bond.end < last {
                return refuse("end", row, "bonds are sorted by their later atom");
            }
            if Order::of(bond.order).is_none() {
                return refuse("order", row, format!("there is no bond order {}", bond.order));
            }
            let leads_to_parent = bond.end > last;
            let count = if leads_to_parent { &mut plan.children } else { &mut plan.opens };
            count[bond.begin as usize] += 1;
            plan.first[bond.end as usize + 1] += 1;
            last = bond.end;
        }
        for i in 0..n {
            plan.first[i + 1] += plan.first[i];
        }
        Ok(plan)
    }

    /// Every child of an atom but the last stands in a branch.
    fn write(mut self, molecule: &Molecule, out: &mut Writer) -> Result<(), Refusal> {
        // The atoms from the root to the present one, and whether each began a branch.
        let mut path: Vec<(usize, bool)> = Vec::new();
        let mut rings = Rings::new(molecule.atoms.len());
        for (i, atom) in molecule.atoms.iter().enumerate() {
            let mut bonds = self.first[i] as usize..self.first[i + 1] as usize;
            let to_parent = bonds.next();
            let parent = to_parent.map(|row| molecule.bonds.begin[row] as usize);
            while let Some(&(top, branched)) = path.last().filter(|&&(top, _)| Some(top) != parent)
            {
                if rings.next[top] != 0 {
                    return refuse("begin", Rings::first_unclosed(molecule, top, i), NOT_ON_PATH);
                }
                if branched {
                    out.token(BRANCH_CLOSE);
                }
                path.pop();
            }
            let mut branched = false;
            match to_parent.zip(parent) {
                Some((row, _)) if path.is_empty() => {
                    return refuse("begin", row, "atoms stand in a depth-first order");
                }
                Some((row, parent)) => {
                    self.children[parent] -= 1;
                    branched = self.children[parent] > 0;
                    if branched {
                        out.token(BRANCH_OPEN);
                    }
                    write_bond(molecule, row, out);
                }
                None if i > 0 => out.token(DOT),
                None => {}
            }
            atom.write(i, out);
            path.push((i, branched));
            for row in bonds {
                rings.close(molecule, row, parent, out)?;
            }
            for _ in 0..self.opens[i] {
                rings.open(i, out)?;
            }
            rings.leave_atom();
        }
        for (atom, branched) in path.into_iter().rev() {
            if rings.next[atom] != 0 {
                let row = Rings::first_unclosed(molecule, atom, molecule.atoms.len());
                return refuse("begin", row, NOT_ON_PATH);
            }
            if branched {
                out.token(BRANCH_CLOSE);
            }
        }
        Ok(())
    }
}

/// The labels in use, as a queue for each opener: its rings close in the order opened.
struct Rings {
    open: Labels,
    closed: Labels,
    /// Of each atom the label that closes next, 0 for none.
    next: Vec<u8>,
    /// Of each atom the label that it opened last.
    last: Vec<u8>,
    /// Of each label the one that closes after it at the same opener.
    after: [u8; 256],
    /// Of each atom the atom that last closed a ring to it.
    closer: Vec<u32>,
}

impl Rings {
    fn new(atoms: usize) -> Self {
        Rings {
            open: Labels::default(),
            closed: Labels::default(),
            next: vec![0; atoms],
            last: vec![0; atoms],
            after: [0; 256],
            closer: vec![NONE; atoms],
        }
    }

    fn open(&mut self, atom: usize, out: &mut Writer) -> Result<(), Refusal> {
        let Some(label) = self.open.or(self.closed).lowest_missing() else {
            return refuse("element", atom, "at most 255 rings are open at once");
        };
        self.open.add(label);
        self.after[usize::from(label)] = 0;
        match self.last[atom] {
            0 => self.next[atom] = label,
            before => self.after[usize::from(before)] = label,
        }
        self.last[atom] = label;
        out.token(open_token(label));
        Ok(())
    }

    fn close(
        &mut self,
        molecule: &Molecule,
        row: usize,
        parent: Option<usize>,
        out: &mut Writer,
    ) -> Result<(), Refusal> {
        let bond = molecule.bonds.row(row);
        let opener = bond.begin as usize;
        if Some(opener) > parent {
            let condition = "the first bond of an atom leads to its nearest earlier neighbour";
            return refuse("begin", row, condition);
        }
        if Some(opener) == parent || self.closer[opener] == bond.end {
            return refuse("begin", row, UNJOINED);
        }
        let label = self.next[opener];
        if label == 0 {
            return refuse("begin", row, NOT_ON_PATH);
        }
        self.next[opener] = self.after[usize::from(label)];
        self.closer[opener] = bond.end;
        self.open.remove(label);
        self.closed.add(label);
        // The symbol stands at the closing atom: the bond is written from end to begin.
        if let Some(order) = stated(molecule, bond) {
            out.token(RING_BOND_BASE + order.reversed() as u16);
        }
        out.token(close_token(label));
        Ok(())
    }

    /// The first bond from `opener` to an atom from `end` on that is not yet written: the branch of
    /// the opener ends before it closes.
    fn first_unclosed(molecule: &Molecule, opener: usize, end: usize) -> usize {
        let bonds = &molecule.bonds;
        let later =
            |row: &usize| bonds.begin[*row] as usize == opener && bonds.end[*row] as usize >= end;
        (0..bonds.len()).find(later).unwrap_or(0)
    }

    fn leave_atom(&mut self) {
        self.closed = Labels::default();
    }
}

fn write_bond(molecule: &Molecule, row: usize, out: &mut Writer) {
    if let Some(order) = stated(molecule, molecule.bonds.row(row)) {
        out.token(BOND_BASE + order as u16);
    }
}

/// The order of a bond, unless no symbol is written for it.
fn stated(molecule: &Molecule, bond: Bond) -> Option<Order> {
    let aromatic = |atom: u32| molecule.atoms.aromatic[atom as usize];
    let implied = Order::implied(aromatic(bond.begin) && aromatic(bond.end));
    Order::of(bond.order).filter(|&order| order != implied)
}
