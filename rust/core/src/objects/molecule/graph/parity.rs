//! Parity: a set of two-valued unknowns, and which are known to be equal or opposite.

/// Unknowns joined into classes; in a class each is equal or opposite to the root.
#[derive(Clone)]
pub(super) struct Parities {
    /// Of each unknown its parent, and whether it is opposite to it; a root is its own.
    parent: Vec<(u32, bool)>,
}

impl Parities {
    pub fn new(n: usize) -> Self {
        Parities { parent: (0..n as u32).map(|i| (i, false)).collect() }
    }

    /// The root of an unknown, and whether it is opposite to it.
    pub fn root(&self, unknown: usize) -> (usize, bool) {
        let (mut at, mut opposite) = (unknown, false);
        loop {
            let (parent, flip) = self.parent[at];
            if parent as usize == at {
                return (at, opposite);
            }
            at = parent as usize;
            opposite ^= flip;
        }
    }

    /// Let two unknowns be equal or opposite; false when they are known to be otherwise.
    pub fn relate(&mut self, a: usize, b: usize, opposite: bool) -> bool {
        let ((root_a, flip_a), (root_b, flip_b)) = (self.root(a), self.root(b));
        if root_a == root_b {
            return flip_a ^ flip_b == opposite;
        }
        // The earlier is the root, so that a class is known by its first unknown.
        let (first, second) = (root_a.min(root_b), root_a.max(root_b));
        self.parent[second] = (first as u32, flip_a ^ flip_b ^ opposite);
        true
    }
}
