//! Judge: the machine says whether ids are a sentence, and what is wrong where they are not.
//!
//! It is the only judge. Rules and conditions are stated in the spec, compiled into the machine, and
//! nowhere else: an object type writes and builds (see [`crate::wire`]). What is read in bulk has a
//! fast path that recognizes sentences; what it does not recognize comes here.

use crate::recognizer::{Recognizer, spec};
use crate::wire::Result;

/// Say what is wrong with a sentence, if anything: where, and what was expected or which condition
/// it breaks.
///
/// # Errors
/// At the first token that cannot stand where it stands.
pub fn judge(ids: &[u16]) -> Result<()> {
    complete(of_any(ids), ids)
}

/// The same of a sentence of one kind.
///
/// # Errors
/// At the first token that cannot stand where it stands.
///
/// # Panics
/// When the spec has no such kind.
pub fn judge_as(kind: &str, ids: &[u16]) -> Result<()> {
    complete(of_kind(kind), ids)
}

/// Whether a sentence of a kind can begin so.
///
/// # Panics
/// When the spec has no such kind.
#[must_use]
pub fn begins(kind: &str, prefix: &[u16]) -> bool {
    follow(&mut of_kind(kind), prefix).is_ok()
}

/// The ids that can continue a prefix, ascending; none after a complete sentence.
///
/// # Errors
/// When no sentence begins so.
pub fn next_ids(prefix: &[u16]) -> Result<Vec<u16>> {
    let mut recognizer = of_any(prefix);
    follow(&mut recognizer, prefix)?;
    Ok(if recognizer.is_done() { Vec::new() } else { recognizer.allowed() })
}

fn of_kind(kind: &str) -> Recognizer {
    let machine = spec().of(kind).expect("the spec has the kind");
    Recognizer::new(machine, Some(kind), None).expect("the machine is of the kind")
}

/// A recognizer of any object, of which the first token is known.
fn of_any(ids: &[u16]) -> Recognizer {
    let machine = ids.first().map_or_else(|| spec().any(), |&id| spec().beginning_with(id));
    Recognizer::new(machine, None, None).expect("any object has no name")
}

fn complete(mut recognizer: Recognizer, ids: &[u16]) -> Result<()> {
    follow(&mut recognizer, ids)?;
    if recognizer.is_done() { Ok(()) } else { Err(Box::new(recognizer.cut_short())) }
}

/// Follow ids to their end.
fn follow(recognizer: &mut Recognizer, ids: &[u16]) -> Result<()> {
    for &id in ids {
        if let Err(refusal) = recognizer.accept(id) {
            return Err(Box::new(recognizer.explained(refusal.reason, id)));
        }
    }
    Ok(())
}
