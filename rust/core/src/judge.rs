//! Judge: the machine says whether ids are a sentence; a builder makes the object and trusts it.
//!
//! A new object type states its rules and conditions in the spec and nowhere else: it has a `write`
//! and a `build`, no reader. A reader by hand, which judges on its own, is a fast path for what is
//! read in bulk; tests hold that it says what the machine says.

use crate::error::GrammarError;
use crate::recognizer::{Recognizer, spec};
use crate::wire::{First, Result, Writer};

/// Say what is wrong with a sentence, if anything: where, and what was expected or which condition
/// it breaks.
///
/// # Errors
/// At the first token that cannot stand where it stands.
pub fn judge(ids: &[u16]) -> Result<()> {
    let (mut recognizer, refused) = follow(ids);
    match refused {
        Some(error) => Err(error),
        None if recognizer.is_done() => Ok(()),
        None => Err(Box::new(recognizer.cut_short())),
    }
}

/// The ids that can continue a prefix, ascending; none after a complete sentence.
///
/// # Errors
/// When no sentence begins so.
pub fn next_ids(prefix: &[u16]) -> Result<Vec<u16>> {
    let (mut recognizer, refused) = follow(prefix);
    match refused {
        Some(error) => Err(error),
        None if recognizer.is_done() => Ok(Vec::new()),
        None => Ok(recognizer.allowed()),
    }
}

/// Follow ids as far as they go; why they go no further.
fn follow(ids: &[u16]) -> (Recognizer, Option<Box<GrammarError>>) {
    let mut recognizer =
        Recognizer::new(spec(), None, None).expect("without a kind and a budget there is one");
    for &id in ids {
        if let Err(refusal) = recognizer.accept(id) {
            let error = recognizer.explained(refusal.reason, id);
            return (recognizer, Some(Box::new(error)));
        }
    }
    (recognizer, None)
}

/// An object type whose sentences the machine judges.
pub trait Judged: Sized {
    /// The tokens that can begin it.
    const FIRST: First;

    /// Write it; the machine judges what was written.
    fn write(&self, out: &mut Writer);

    /// Build it from a sentence that was judged.
    fn build(from: &mut Builder) -> Self;
}

/// A sentence that was judged, from left to right: nothing is checked again.
#[derive(Debug)]
pub struct Builder<'a>(pub &'a [u16]);

impl Builder<'_> {
    /// The next token, not taken; none at the end.
    #[must_use]
    pub fn peek(&self) -> Option<u16> {
        self.0.first().copied()
    }

    /// Take the next token.
    ///
    /// # Panics
    /// At the end: a judged sentence has the token that a rule needs.
    pub fn take(&mut self) -> u16 {
        let (&id, rest) = self.0.split_first().expect("a judged sentence goes on");
        self.0 = rest;
        id
    }

    /// Take the next token if it is this one.
    pub fn take_if(&mut self, id: u16) -> bool {
        let is = self.peek() == Some(id);
        if is {
            self.take();
        }
        is
    }

    /// Whether the next token is of a set.
    #[must_use]
    pub fn at(&self, first: First) -> bool {
        self.peek().is_some_and(|id| first.has(id))
    }

    /// Build `x`.
    pub fn one<T: Judged>(&mut self) -> T {
        T::build(self)
    }

    /// Build `x?`.
    pub fn maybe<T: Judged>(&mut self) -> Option<T> {
        self.at(T::FIRST).then(|| T::build(self))
    }

    /// Build `x*`.
    pub fn many<T: Judged>(&mut self) -> Vec<T> {
        let mut xs = Vec::new();
        while self.at(T::FIRST) {
            xs.push(T::build(self));
        }
        xs
    }
}

/// The object of a sentence.
///
/// # Errors
/// At the first token that cannot stand where it stands.
pub fn decode<T: Judged>(ids: &[u16]) -> Result<T> {
    judge(ids)?;
    Ok(T::build(&mut Builder(ids)))
}

/// The sentence of an object.
///
/// # Errors
/// When what was written is not a sentence: the object breaks a condition of its rule.
pub fn encode<T: Judged>(object: &T) -> Result<Vec<u16>> {
    let mut out = Writer::default();
    object.write(&mut out);
    let ids = out.finish()?;
    judge(&ids).map_err(|error| Box::new(unwritable(&error)))?;
    Ok(ids)
}

/// The error of an object of the error of what was written of it.
pub(crate) fn unwritable(error: &GrammarError) -> GrammarError {
    let condition = error.condition.clone().unwrap_or_else(|| error.to_string().into());
    GrammarError::unwritable(error.position, condition)
}

/// Make an object type of a [`Judged`] one, where others have a reader by hand.
#[macro_export]
macro_rules! judged {
    ($Type:ty) => {
        impl $crate::wire::Production for $Type {
            const FIRST: $crate::wire::First = <$Type as $crate::judge::Judged>::FIRST;
            const JUDGED: bool = true;

            fn write(&self, out: &mut $crate::wire::Writer) {
                $crate::judge::Judged::write(self, out);
            }

            fn read(from: &mut $crate::wire::Reader) -> $crate::wire::Result<Self> {
                let object = $crate::judge::decode(from.rest())?;
                from.go_to_end();
                Ok(object)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objects::Edit;
    use crate::vocabulary::{block, token};
    use crate::wire::{Production, Reader, any_of};

    const EDIT: (u16, u16) = (token("<EditS>"), token("<EditE>"));
    const PROTEIN: (u16, u16) = (token("<ProteinS>"), token("<ProteinE>"));
    const MARK: (u16, u16) = (token("<MarkS>"), token("<MarkE>"));

    /// An edit as a new type would be written: pieces of its two proteins, each the ids of it.
    #[derive(Debug, PartialEq)]
    struct Revision {
        before: Vec<Piece>,
        after: Vec<Piece>,
    }

    #[derive(Debug, PartialEq)]
    enum Piece {
        Letter(u16),
        Named(Vec<u16>),
        Marked(Vec<Piece>),
    }

    impl Judged for Revision {
        const FIRST: First = First(&[(EDIT.0, EDIT.0)]);

        fn write(&self, out: &mut Writer) {
            out.token(EDIT.0);
            for pieces in [&self.before, &self.after] {
                out.token(PROTEIN.0);
                for piece in pieces {
                    Judged::write(piece, out);
                }
                out.token(PROTEIN.1);
            }
            out.token(EDIT.1);
        }

        fn build(from: &mut Builder) -> Self {
            from.take();
            let mut protein = || {
                from.take();
                let pieces = from.many();
                from.take();
                pieces
            };
            Revision { before: protein(), after: protein() }
        }
    }

    impl Judged for Piece {
        const FIRST: First = First(&[
            any_of(block("amino_acid")),
            (token("<NameS>"), token("<NameS>")),
            (MARK.0, MARK.0),
        ]);

        fn write(&self, out: &mut Writer) {
            match self {
                Piece::Letter(id) => out.token(*id),
                Piece::Named(ids) => ids.iter().for_each(|&id| out.token(id)),
                Piece::Marked(pieces) => {
                    out.token(MARK.0);
                    for piece in pieces {
                        Judged::write(piece, out);
                    }
                    out.token(MARK.1);
                }
            }
        }

        fn build(from: &mut Builder) -> Self {
            if from.take_if(MARK.0) {
                let pieces = from.many();
                from.take();
                return Piece::Marked(pieces);
            }
            let mut ids = vec![from.take()];
            if ids[0] != token("<NameS>") {
                return Piece::Letter(ids[0]);
            }
            while !from.take_if(token("<NameE>")) {
                ids.push(from.take());
            }
            ids.push(token("<NameE>"));
            Piece::Named(ids)
        }
    }

    judged!(Revision);

    /// `A[C]G` becomes `AG(PTR)`, with one token of it changed, left out or put in twice.
    fn sentences() -> impl Iterator<Item = Vec<u16>> {
        let letter = |b: u8| block("amino_acid").base + u16::from(b);
        let name = ["<NameS>", "'P", "'T", "'R", "<NameE>"].map(token);
        let mut whole = vec![EDIT.0, PROTEIN.0, letter(0), MARK.0, letter(1), MARK.1, PROTEIN.1];
        whole.extend([PROTEIN.0, letter(0), letter(2)]);
        whole.extend(name);
        whole.extend([PROTEIN.1, EDIT.1]);
        let others = [EDIT.0, EDIT.1, PROTEIN.0, PROTEIN.1, MARK.0, MARK.1, letter(3), name[0], 0];
        let places = whole.len();
        let changed = (0..places).flat_map(move |at| {
            let whole = whole.clone();
            others.into_iter().flat_map(move |other| {
                let (mut changed, mut longer) = (whole.clone(), whole.clone());
                changed[at] = other;
                longer.insert(at, other);
                [whole[..at].to_vec(), whole.clone(), changed, longer]
            })
        });
        changed.chain([vec![]])
    }

    #[test]
    fn the_machine_and_a_reader_by_hand_say_the_same() {
        let mut accepted = 0;
        for ids in sentences() {
            let by_hand = |ids: &[u16]| {
                let mut from = Reader::new(ids);
                let edit = from.one::<Edit>()?;
                from.end().map(|()| edit)
            };
            let judged = judge(&ids);
            if ids.first() == Some(&EDIT.0) {
                assert_eq!(judged, by_hand(&ids).map(|_| ()), "{ids:?}");
            }
            if judged.is_ok() {
                let revision: Revision = decode(&ids).unwrap();
                assert_eq!(encode(&revision).as_ref(), Ok(&ids));
                accepted += 1;
            } else {
                assert_eq!(decode::<Revision>(&ids).map(|_| ()), judged);
            }
        }
        assert!(accepted > 100, "{accepted}");
    }

    #[test]
    fn what_is_written_is_judged() {
        let name = |letters: &[&str]| {
            let letters = letters.iter().map(|letter| token(letter));
            Piece::Named(
                [token("<NameS>")].into_iter().chain(letters).chain([token("<NameE>")]).collect(),
            )
        };
        let broken = Revision { before: vec![name(&["'A", "'L", "'A"])], after: vec![] };
        let error = encode(&broken).unwrap_err();
        assert_eq!(error.position, 6);
        assert!(error.condition.unwrap().starts_with("not_one_of"));
        let nested = Revision { before: vec![], after: vec![Piece::Marked(vec![])] };
        let error = encode(&nested).unwrap_err();
        assert_eq!(error.position, 4);
        assert!(error.condition.unwrap().starts_with("unexpected <MarkS>"));
    }

    #[test]
    fn a_judged_type_is_read_as_others_are() {
        for ids in sentences() {
            let mut from = Reader::new(&ids);
            assert_eq!(Revision::read(&mut from).map(|_| ()), judge(&ids));
        }
        const { assert!(Revision::JUDGED && !Edit::JUDGED) }
    }
}
