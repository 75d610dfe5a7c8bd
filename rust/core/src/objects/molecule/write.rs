//! Writing a molecule's sentence: the mirror of `read`.

use super::kind::{BOND_BASE, RING_BOND_BASE, close_token, open_token};
use super::labels::Labels;
use super::walk::{NONE, UNJOINED};
use super::{BRANCH_CLOSE, BRANCH_OPEN, Bond, DOT, Molecule, Order};
use crate::wire::Writer;

const NOT_ON_PATH: &str = "a ring bond leads to an earlier atom on the path";

/// Write the components of a molecule, or tell the writer why it cannot be written.
pub(super) fn write_components(molecule: &Molecule, out: &mut Writer) {
    if molecule.atoms.is_empty() {
        return out.refuse("a molecule has an atom");
    }
    let written = Plan::new(molecule).and_then(|plan| plan.write(molecule, out));
    if let Err(condition) = written {
        out.refuse(condition);
    }
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
    fn new(molecule: &Molecule) -> Result<Self, &'static str> {
        let n = molecule.atoms.len();
        let mut plan = Plan { first: vec![0; n + 1], children: vec![0; n], opens: vec![0; n] };
        let mut last = 0;
        for bond in &molecule.bonds {
            if bond.begin >= bond.end || bond.end as usize >= n {
                return Err("a bond leads from an earlier atom to a later one");
            }
            if bond.end < last {
                return Err("bonds are sorted by their later atom");
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
    fn write(mut self, molecule: &Molecule, out: &mut Writer) -> Result<(), &'static str> {
        // The atoms from the root to the present one, and whether each began a branch.
        let mut path: Vec<(usize, bool)> = Vec::new();
        let mut rings = Rings::new(molecule.atoms.len());
        for (i, atom) in molecule.atoms.iter().enumerate() {
            let bonds = &molecule.bonds[self.first[i] as usize..self.first[i + 1] as usize];
            let parent = bonds.first().map(|bond| bond.begin as usize);
            while let Some(&(top, branched)) = path.last().filter(|&&(top, _)| Some(top) != parent)
            {
                if rings.next[top] != 0 {
                    return Err(NOT_ON_PATH);
                }
                if branched {
                    out.token(BRANCH_CLOSE);
                }
                path.pop();
            }
            let mut branched = false;
            match parent {
                Some(_) if path.is_empty() => return Err("atoms stand in a depth-first order"),
                Some(parent) => {
                    self.children[parent] -= 1;
                    branched = self.children[parent] > 0;
                    if branched {
                        out.token(BRANCH_OPEN);
                    }
                    write_bond(molecule, bonds[0], out);
                }
                None if i > 0 => out.token(DOT),
                None => {}
            }
            atom.write(out);
            path.push((i, branched));
            for &bond in bonds.iter().skip(1) {
                rings.close(molecule, bond, bonds[0].begin, out)?;
            }
            for _ in 0..self.opens[i] {
                rings.open(i, out)?;
            }
            rings.leave_atom();
        }
        for (atom, branched) in path.into_iter().rev() {
            if rings.next[atom] != 0 {
                return Err(NOT_ON_PATH);
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

    fn open(&mut self, atom: usize, out: &mut Writer) -> Result<(), &'static str> {
        let label = self
            .open
            .or(self.closed)
            .lowest_missing()
            .ok_or("at most 255 rings are open at once")?;
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
        bond: Bond,
        parent: u32,
        out: &mut Writer,
    ) -> Result<(), &'static str> {
        let opener = bond.begin as usize;
        if bond.begin > parent {
            return Err("the first bond of an atom leads to its nearest earlier neighbour");
        }
        if bond.begin == parent || self.closer[opener] == bond.end {
            return Err(UNJOINED);
        }
        let label = self.next[opener];
        if label == 0 {
            return Err(NOT_ON_PATH);
        }
        self.next[opener] = self.after[usize::from(label)];
        self.closer[opener] = bond.end;
        self.open.remove(label);
        self.closed.add(label);
        // The symbol stands at the closing atom: the bond is written from end to begin.
        if bond.order != implied(molecule, bond) {
            out.token(RING_BOND_BASE + bond.order.reversed() as u16);
        }
        out.token(close_token(label));
        Ok(())
    }

    fn leave_atom(&mut self) {
        self.closed = Labels::default();
    }
}

fn write_bond(molecule: &Molecule, bond: Bond, out: &mut Writer) {
    if bond.order != implied(molecule, bond) {
        out.token(BOND_BASE + bond.order as u16);
    }
}

/// What the bond would be if no symbol stood for it.
fn implied(molecule: &Molecule, bond: Bond) -> Order {
    let aromatic = |atom: u32| molecule.atoms[atom as usize].symbol.is_aromatic();
    Order::implied(aromatic(bond.begin) && aromatic(bond.end))
}
