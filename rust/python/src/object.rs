//! Objects in, sentences out, and back: the part of it that touches Python.

use logos_core::Object;
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;

use crate::error::{Refusal, grammar_error, raise_grammar};

/// A type of the core and its Python class, whose fields have one name and one order.
///
/// Taking and giving need the interpreter and do as little as they can; building and holding do
/// the rest without it.
pub trait Mirror: Sized + Into<Object> {
    /// What an instance holds: its texts, and the bytes of its columns.
    type Held: Send;

    /// The Python class, imported once.
    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>>;

    /// Take what an instance of the class holds.
    fn take(object: &Bound<'_, PyAny>) -> Result<Self::Held, Refusal>;

    /// How many bytes that is, of a type whose instances may hold many.
    fn size(_held: &Self::Held) -> usize {
        0
    }

    /// Make the object of it.
    fn build(held: &Self::Held) -> Result<Self, Refusal>;

    /// Make of the object what an instance holds.
    fn hold(self) -> Self::Held;

    /// Make an instance of the class that holds it.
    fn give(held: Self::Held, py: Python<'_>) -> PyResult<Bound<'_, PyAny>>;
}

macro_rules! dispatch {
    ($($module:ident $Type:ident)*) => {
        /// What an instance of any of the classes holds.
        #[allow(clippy::large_enum_variant)] // as large as the largest, for a chunk at a time
        pub enum Held {
            $($Type(<logos_core::objects::$Type as Mirror>::Held),)*
        }

        impl Held {
            /// Take what an object holds.
            pub fn take(object: &Bound<'_, PyAny>) -> Result<Self, Refusal> {
                let py = object.py();
                $(if object.get_type().is(logos_core::objects::$Type::class(py)?) {
                    return logos_core::objects::$Type::take(object).map(Held::$Type);
                })*
                $(if object.is_instance(logos_core::objects::$Type::class(py)?)? {
                    return logos_core::objects::$Type::take(object).map(Held::$Type);
                })*
                let known = [$(stringify!($Type)),*].join(", ");
                let found = object.get_type().name()?;
                Err(Refusal::Type(format!("expected one of {known}, not {found}")))
            }

            /// How many bytes that is, where it may be many.
            pub fn size(&self) -> usize {
                match self {
                    $(Held::$Type(held) => logos_core::objects::$Type::size(held),)*
                }
            }

            /// Make the object of it.
            pub fn build(&self) -> Result<Object, Refusal> {
                match self {
                    $(Held::$Type(held) => logos_core::objects::$Type::build(held).map(Into::into),)*
                }
            }

            /// Make of an object what Python holds of it.
            pub fn of(object: Object) -> Self {
                match object {
                    $(Object::$Type(object) => Held::$Type(object.hold()),)*
                }
            }

            /// Make the Python object.
            pub fn give(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
                match self {
                    $(Held::$Type(held) => logos_core::objects::$Type::give(held, py),)*
                }
            }
        }
    };
}

logos_core::for_each_object!(dispatch);

impl Held {
    /// The sentence of the object, behind the ids that are given.
    pub fn encode(&self, ids: Vec<u16>) -> Result<Vec<u16>, Refusal> {
        logos_core::encode_behind(&self.build()?, ids).map_err(Refusal::Grammar)
    }

    /// What Python holds of the object of a sentence.
    pub fn decode(ids: &[u16]) -> logos_core::wire::Result<Self> {
        logos_core::decode(ids).map(Held::of)
    }
}

/// The sentence of an object.
#[pyfunction]
pub fn encode(object: Bound<'_, PyAny>) -> PyResult<Bound<'_, PyArray1<u16>>> {
    let py = object.py();
    let ids = Held::take(&object).and_then(|held| py.detach(|| held.encode(Vec::new())));
    Ok(ids.map_err(|refusal| refusal.raise(py, None))?.into_pyarray(py))
}

/// The object of a sentence.
#[pyfunction]
pub fn decode(ids: PyReadonlyArray1<'_, u16>) -> PyResult<Bound<'_, PyAny>> {
    let py = ids.py();
    let ids = ids.as_slice()?.to_vec();
    let held = py.detach(|| Held::decode(&ids)).map_err(|error| raise_grammar(py, *error))?;
    held.give(py)
}

/// What is wrong with a sentence, or nothing.
#[pyfunction]
pub fn check(ids: PyReadonlyArray1<'_, u16>) -> PyResult<Option<Bound<'_, PyAny>>> {
    let py = ids.py();
    let ids = ids.as_slice()?.to_vec();
    py.detach(|| logos_core::check(&ids)).map(|error| grammar_error(py, *error, None)).transpose()
}

/// The ids that can continue a prefix.
#[pyfunction]
pub fn next_ids(prefix: PyReadonlyArray1<'_, u16>) -> PyResult<Bound<'_, PyArray1<u16>>> {
    let py = prefix.py();
    let ids = prefix.as_slice()?.to_vec();
    let next =
        py.detach(|| logos_core::next_ids(&ids)).map_err(|error| raise_grammar(py, *error))?;
    Ok(next.into_pyarray(py))
}
