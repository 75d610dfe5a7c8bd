//! Any object: the way from objects to sentences and back, whatever the type.

use crate::error::{Cell, GrammarError};
use crate::judge::judge;
pub use crate::judge::next_ids;
use crate::object_type::ObjectType;
use crate::wire::{Builder, Production, Result, Writer};

macro_rules! define {
    ($($module:ident $Type:ident)*) => {
        /// One object of any type that the spec knows.
        #[derive(Clone, Debug, PartialEq)]
        #[allow(missing_docs)] // a type says itself what it is
        #[allow(clippy::large_enum_variant)] // one object is on its way, never many
        pub enum Object {
            $($Type(crate::objects::$Type),)*
        }

        impl Object {
            fn write(&self, out: &mut Writer) {
                match self {
                    $(Object::$Type(x) => x.write(out),)*
                }
            }

            /// What is wrong with the sentence of the object, if anything.
            fn refusal(&self, ids: &[u16]) -> Option<GrammarError> {
                match self {
                    $(Object::$Type(_) => refusal::<crate::objects::$Type>(ids),)*
                }
            }

            fn cell_at(ids: &[u16], position: usize) -> Option<Cell> {
                let from = Builder(ids);
                $(if from.at(crate::objects::$Type::FIRST) {
                    return crate::objects::$Type::cell_at(ids, position);
                })*
                None
            }

            fn read_fast(ids: &[u16]) -> Option<Self> {
                let from = Builder(ids);
                $(if from.at(crate::objects::$Type::FIRST) {
                    return crate::objects::$Type::read_fast(ids).map(Object::$Type);
                })*
                None
            }

            fn build(from: &mut Builder) -> Self {
                $(if from.at(crate::objects::$Type::FIRST) {
                    return Object::$Type(from.one());
                })*
                unreachable!("a judged sentence begins as one of an object type")
            }
        }

        $(impl From<crate::objects::$Type> for Object {
            fn from(x: crate::objects::$Type) -> Self {
                Object::$Type(x)
            }
        })*
    };
}

crate::for_each_object!(define);

fn refusal<T: ObjectType>(ids: &[u16]) -> Option<GrammarError> {
    if T::WRITES_SENTENCES {
        return None;
    }
    let error = judge(ids).err()?;
    let written = T::written(ids, &error);
    let condition = error.condition.clone().unwrap_or_else(|| error.to_string().into());
    Some(GrammarError::unwritable(written, condition))
}

/// The one sentence of an object.
///
/// # Errors
/// When the object breaks a side condition of its rule.
pub fn encode(object: &Object) -> Result<Vec<u16>> {
    encode_behind(object, Vec::new())
}

/// The one sentence of an object, behind the ids that are given.
///
/// # Errors
/// When the object breaks a side condition of its rule.
pub fn encode_behind(object: &Object, ids: Vec<u16>) -> Result<Vec<u16>> {
    let start = ids.len();
    let mut out = Writer::behind(ids);
    object.write(&mut out);
    let ids = out.finish()?;
    match object.refusal(&ids[start..]) {
        None => Ok(ids),
        Some(error) => Err(Box::new(error)),
    }
}

/// The object of a sentence.
///
/// # Errors
/// At the first token that cannot stand where it stands.
pub fn decode(ids: &[u16]) -> Result<Object> {
    if let Some(object) = Object::read_fast(ids) {
        return Ok(object);
    }
    judge(ids)?;
    Ok(Object::build(&mut Builder(ids)))
}

/// The error of a sentence among many, with the cell of its object where it has columns.
#[must_use]
pub fn with_cell(mut error: Box<GrammarError>, ids: &[u16]) -> Box<GrammarError> {
    error.cell = Object::cell_at(ids, error.position);
    error
}

/// What is wrong with a sentence, if anything.
#[must_use]
pub fn check(ids: &[u16]) -> Option<Box<GrammarError>> {
    decode(ids).err()
}
