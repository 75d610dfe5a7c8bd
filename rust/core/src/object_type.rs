//! Object type: a rule whose sentences stand alone, and what it may know better than the machine.

use crate::error::{Cell, GrammarError};
use crate::wire::Production;

/// An object type. What is stated here makes it fast; none of it is needed.
pub trait ObjectType: Production {
    /// Whether whatever is written and not refused is a sentence, so that the machine need not judge
    /// it; the laws test it.
    const WRITES_SENTENCES: bool = false;

    /// The object of ids that are a sentence, where that is seen faster than the machine judges.
    /// `None` says nothing: then the machine judges. It never accepts what the machine rejects;
    /// `tests/fast_paths.rs` holds that.
    #[must_use]
    fn read_fast(_ids: &[u16]) -> Option<Self> {
        None
    }

    /// The cell at which a token of a sentence stands, where the object has columns: that which the
    /// token fills or would fill, else the one before it. The tokens before it are right.
    #[must_use]
    fn cell_at(_ids: &[u16], _position: usize) -> Option<Cell> {
        None
    }

    /// How many tokens of an object can be written, whose sentence the machine rejects.
    #[must_use]
    fn written(_ids: &[u16], error: &GrammarError) -> usize {
        error.position
    }
}
