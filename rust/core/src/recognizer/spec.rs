//! The machines of the spec: one for each object type, compiled when it is first wanted.
//!
//! A machine of one type has the rules, classes and registers of that type alone: a fifth to a
//! fiftieth of the tables of the machine for any object, which is compiled only where no type is named.

use std::sync::{Arc, LazyLock, OnceLock};

use super::machine::Machine;
use crate::grammar::carried;

/// The object types of the spec and their machines.
#[derive(Debug)]
pub struct Spec {
    any: OnceLock<Arc<Machine>>,
    of_types: Vec<OnceLock<Arc<Machine>>>,
}

/// The object types of the spec and their machines.
#[must_use]
pub fn spec() -> &'static Spec {
    static SPEC: LazyLock<Spec> = LazyLock::new(|| Spec {
        any: OnceLock::new(),
        of_types: carried::spec().grammar.objects.iter().map(|_| OnceLock::new()).collect(),
    });
    &SPEC
}

impl Spec {
    /// The names of the object types.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        let grammar = &carried::spec().grammar;
        grammar.objects.iter().map(|&object| grammar.rules[object].name.as_str())
    }

    /// The machine of any object.
    ///
    /// # Panics
    /// Never: the spec is compiled in the tests.
    pub fn any(&self) -> &Arc<Machine> {
        self.any.get_or_init(|| compiled(&carried::spec().grammar.objects))
    }

    /// The machine of a kind, which is an object type or a form of one; `None` when there is no such
    /// kind.
    pub fn of(&self, kind: &str) -> Option<&Arc<Machine>> {
        let grammar = &carried::spec().grammar;
        let is_named = |rule: usize| grammar.rules[rule].name == kind;
        let mut objects = grammar.objects.iter();
        let place = objects.position(|&object| is_named(object)).or_else(|| {
            let has_form = |&object: &usize| grammar.forms(object).into_iter().any(is_named);
            grammar.objects.iter().position(has_form)
        })?;
        Some(self.of_type(place))
    }

    /// The machine of the object type that begins with a token; that of any where none does.
    pub fn beginning_with(&self, id: u16) -> &Arc<Machine> {
        let written = carried::spec();
        let begins =
            |&object: &usize| written.first.begins(&written.grammar.rules[object].expression, id);
        match written.grammar.objects.iter().position(begins) {
            Some(place) => self.of_type(place),
            None => self.any(),
        }
    }

    fn of_type(&self, place: usize) -> &Arc<Machine> {
        self.of_types[place]
            .get_or_init(|| compiled(&carried::spec().grammar.objects[place..=place]))
    }
}

fn compiled(objects: &[usize]) -> Arc<Machine> {
    let grammar = carried::spec().grammar.of(objects);
    Arc::new(Machine::compile(&grammar).unwrap_or_else(|error| panic!("spec: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recognizer::Recognizer;

    #[test]
    fn the_machines_of_the_types_know_what_that_of_any_object_knows() {
        let kinds: Vec<&str> = spec().kinds().collect();
        assert_eq!(kinds, spec().any().kinds().collect::<Vec<_>>());
        for kind in kinds {
            let first = Recognizer::new(spec().any(), Some(kind), None).unwrap().allowed();
            for id in first {
                let own = spec().beginning_with(id);
                assert_eq!(own.kinds().collect::<Vec<_>>(), [kind]);
                assert!(Arc::ptr_eq(own, spec().of(kind).unwrap()));
            }
        }
        assert_eq!(spec().of("dna").unwrap().object_type("dna"), Some("nucleic_acid"));
        assert!(spec().of("no such kind").is_none());
    }
}
