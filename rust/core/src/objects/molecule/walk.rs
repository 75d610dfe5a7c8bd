//! Walk: where we are in a molecule, and what its side conditions allow there.
//!
//! Reading ids and reading normal SMILES both go through this one walk. Every question and every
//! step takes constant time; nothing is allocated after the deepest branch was seen once.

use super::labels::Labels;

/// No atom.
pub(crate) const NONE: u32 = u32::MAX;

/// The registers of the side conditions.
pub(crate) struct Walk {
    /// How many atoms were read.
    pub atoms: u32,
    /// The atom we are at.
    pub current: u32,
    /// Its parent, or `NONE`.
    pub parent: u32,
    /// Whether it is aromatic.
    pub aromatic: bool,
    /// The label it opened last; 0 for none.
    last_opened: u8,
    open: Labels,
    /// The labels that closed at this atom: they are in use until the next.
    closed: Labels,
    rings: Box<[Ring; 256]>,
    /// The branches we are in; the first stands for the component.
    branches: Vec<Branch>,
}

/// What is known of a label. It stays after the ring is closed, until the label is taken again.
#[derive(Clone, Copy)]
struct Ring {
    opener: u32,
    closer: u32,
    branch: u32,
    before: u8,
    aromatic: bool,
}

#[derive(Clone, Copy)]
struct Branch {
    atom: u32,
    aromatic: bool,
    open: u32,
}

impl Walk {
    pub fn new() -> Self {
        let ring = Ring { opener: NONE, closer: NONE, branch: 0, before: 0, aromatic: false };
        let mut walk = Walk {
            atoms: 0,
            current: NONE,
            parent: NONE,
            aromatic: false,
            last_opened: 0,
            open: Labels::default(),
            closed: Labels::default(),
            rings: Box::new([ring; 256]),
            branches: Vec::new(),
        };
        walk.reset();
        walk
    }

    /// Begin another molecule.
    pub fn reset(&mut self) {
        self.atoms = 0;
        self.last_opened = 0;
        self.open = Labels::default();
        self.closed = Labels::default();
        self.branches.clear();
        self.begin_component();
    }

    /// Begin a component; the one before has ended.
    pub fn begin_component(&mut self) {
        self.current = NONE;
        self.branches.clear();
        self.branches.push(Branch { atom: NONE, aromatic: false, open: 0 });
    }

    /// Step to the next atom, a child of the one we are at; or stay, in the same time.
    #[inline]
    pub fn step(&mut self, atom: bool, aromatic: bool) {
        self.closed = self.closed.unless(atom);
        self.parent = if atom { self.current } else { self.parent };
        self.current = if atom { self.atoms } else { self.current };
        self.aromatic = if atom { aromatic } else { self.aromatic };
        self.atoms += u32::from(atom);
        self.last_opened = if atom { 0 } else { self.last_opened };
    }

    /// The one label that may open here.
    pub fn lowest_free(&self) -> Option<u8> {
        self.open.or(self.closed).lowest_missing()
    }

    /// Open a label, which is the lowest free one.
    pub fn open(&mut self, label: u8) {
        let branch = self.branches.len() - 1;
        self.branches[branch].open += 1;
        self.rings[usize::from(label)] = Ring {
            opener: self.current,
            closer: NONE,
            branch: branch as u32,
            before: self.last_opened,
            aromatic: self.aromatic,
        };
        self.last_opened = label;
        self.open.add(label);
    }

    /// Whether a label may close here.
    pub fn may_close(&self, label: u8) -> bool {
        if !self.open.has(label) {
            return false;
        }
        let ring = &self.rings[usize::from(label)];
        let before = &self.rings[usize::from(ring.before)];
        let siblings = ring.before != 0 && before.opener == ring.opener;
        let in_turn = !(siblings && self.open.has(ring.before));
        let joined = ring.opener == self.parent || (siblings && before.closer == self.current);
        in_turn && !joined
    }

    /// Whether a label that may close here would join two aromatic atoms.
    pub fn joins_aromatic(&self, label: u8) -> bool {
        self.aromatic && self.rings[usize::from(label)].aromatic
    }

    /// Close a label, which may close here.
    pub fn close(&mut self, label: u8) {
        let ring = &mut self.rings[usize::from(label)];
        ring.closer = self.current;
        self.branches[ring.branch as usize].open -= 1;
        self.open.remove(label);
        self.closed.add(label);
    }

    /// The atom that opened a label last.
    pub fn opener(&self, label: u8) -> u32 {
        self.rings[usize::from(label)].opener
    }

    /// The labels that may close here.
    pub fn closable(&self) -> impl Iterator<Item = u8> {
        self.open.iter().filter(|&label| self.may_close(label))
    }

    /// Begin a branch at the atom we are at.
    pub fn begin_branch(&mut self) {
        self.branches.push(Branch { atom: self.current, aromatic: self.aromatic, open: 0 });
    }

    /// Whether we are in a branch.
    pub fn in_branch(&self) -> bool {
        self.branches.len() > 1
    }

    /// Whether every label opened in the innermost branch (or the component) has closed.
    pub fn is_settled(&self) -> bool {
        self.branches.last().is_none_or(|branch| branch.open == 0)
    }

    /// End the innermost branch and go back to its atom.
    pub fn end_branch(&mut self) {
        if let Some(branch) = self.branches.pop() {
            self.current = branch.atom;
            self.aromatic = branch.aromatic;
        }
    }
}
