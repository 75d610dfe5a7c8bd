//! Any object: the way from objects to sentences and back, whatever the type.

use crate::error::GrammarError;
use crate::judge;
pub use crate::judge::next_ids;
use crate::wire::{Production, Reader, Result, Writer};

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

            fn is_judged(&self) -> bool {
                match self {
                    $(Object::$Type(_) => crate::objects::$Type::JUDGED,)*
                }
            }

            fn read(from: &mut Reader) -> Result<Self> {
                $(if from.at(crate::objects::$Type::FIRST) {
                    return crate::objects::$Type::read(from).map(Object::$Type);
                })*
                Err(from.refuse(None))
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
    if object.is_judged() {
        judge::judge(&ids[start..]).map_err(|error| Box::new(judge::unwritable(&error)))?;
    }
    Ok(ids)
}

/// The object of a sentence.
///
/// # Errors
/// At the first token that cannot stand where it stands.
pub fn decode(ids: &[u16]) -> Result<Object> {
    let mut from = Reader::new(ids);
    let read = Object::read(&mut from).and_then(|object| from.end().map(|()| object));
    // A reader only says that something is wrong; the machine says what. Were they to differ, which
    // tests exclude, the sentence would be refused as the reader says.
    read.map_err(|error| judge::judge(ids).err().unwrap_or(error))
}

/// What is wrong with a sentence, if anything.
#[must_use]
pub fn check(ids: &[u16]) -> Option<Box<GrammarError>> {
    decode(ids).err()
}
