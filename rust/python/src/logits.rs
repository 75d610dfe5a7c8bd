//! Logits of Python: floats of the types that models have, in arrays of numpy or tensors of torch.

use logos_core::automaton::mask::{WORDS, apply};
use numpy::ndarray::Dimension;
use numpy::{PyArray, PyReadwriteArray, PyUntypedArray, PyUntypedArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::array::writable;
use crate::masks::wide_enough;

/// Minus infinity as the bits of a float16, and as those of a bfloat16.
const HALF: i16 = 0xFC00_u16 as i16;
const BRAIN: i16 = 0xFF80_u16 as i16;

/// Logits to write to. Those of 16 bits are held as their bits, with minus infinity as such.
pub enum Logits<'py, D: Dimension> {
    /// float16 and bfloat16.
    Bits(PyReadwriteArray<'py, i16, D>, i16),
    /// float32.
    Single(PyReadwriteArray<'py, f32, D>),
    /// float64.
    Double(PyReadwriteArray<'py, f64, D>),
}

impl<'py, D: Dimension> Logits<'py, D> {
    /// Take an array, or a tensor on the CPU, whose rows have a place for each id.
    pub fn of(array: &Bound<'py, PyAny>, dimensions: &str) -> PyResult<Self> {
        let wanted =
            format!("logits of {dimensions}, bfloat16, float16, float32 or float64, in memory");
        let logits = Self::typed(array, &wanted)?;
        wide_enough(logits.shape().last().copied().unwrap_or_default())?;
        Ok(logits)
    }

    fn typed(array: &Bound<'py, PyAny>, wanted: &str) -> PyResult<Self> {
        if array.cast::<PyArray<f32, D>>().is_ok() {
            return writable(array, wanted).map(Logits::Single);
        }
        let dtype = array.getattr_opt("dtype")?;
        let dtype =
            dtype.map_or_else(|| Ok(String::new()), |dtype| Ok::<_, PyErr>(dtype.to_string()))?;
        let dtype = dtype.trim_start_matches("torch.");
        if matches!(dtype, "float16" | "bfloat16") {
            has_dimensions::<D>(array, dtype, wanted)?;
        }
        match dtype {
            "float16" => Ok(Logits::Bits(writable(&bits_of(array, wanted)?, wanted)?, HALF)),
            "bfloat16" => Ok(Logits::Bits(writable(&bits_of(array, wanted)?, wanted)?, BRAIN)),
            "float64" => writable(array, wanted).map(Logits::Double),
            _ => writable(array, wanted).map(Logits::Single),
        }
    }

    /// How long each dimension is.
    pub fn shape(&self) -> &[usize] {
        match self {
            Logits::Bits(array, _) => array.shape(),
            Logits::Single(array) => array.shape(),
            Logits::Double(array) => array.shape(),
        }
    }

    /// Set what a mask does not have to minus infinity, in one row of a width.
    pub fn apply(&mut self, row: usize, width: usize, mask: &[u32; WORDS]) -> PyResult<()> {
        let row = row * width..(row + 1) * width;
        match self {
            Logits::Bits(array, least) => {
                apply(mask, &mut array.as_slice_mut()?[row], *least);
            }
            Logits::Single(array) => {
                apply(mask, &mut array.as_slice_mut()?[row], f32::NEG_INFINITY);
            }
            Logits::Double(array) => {
                apply(mask, &mut array.as_slice_mut()?[row], f64::NEG_INFINITY);
            }
        }
        Ok(())
    }
}

/// Refuse another number of dimensions, by the type of the floats and not of their bits.
fn has_dimensions<D: Dimension>(
    array: &Bound<'_, PyAny>,
    dtype: &str,
    wanted: &str,
) -> PyResult<()> {
    let shape: Vec<usize> = array.getattr("shape")?.extract()?;
    if D::NDIM.is_some_and(|dimensions| dimensions != shape.len()) {
        return Err(PyValueError::new_err(format!("expected {wanted}, not {dtype} {shape:?}")));
    }
    Ok(())
}

/// The bits of floats of 16 bits, in the same memory: numpy and torch have no type in common there.
fn bits_of<'py>(array: &Bound<'py, PyAny>, wanted: &str) -> PyResult<Bound<'py, PyAny>> {
    if array.is_instance_of::<PyUntypedArray>() {
        return array.call_method1("view", ("int16",));
    }
    // A view as integers would lose that a gradient is wanted, which float32 are refused for.
    if array.getattr("requires_grad")?.is_truthy()? {
        return Err(PyValueError::new_err(format!("expected {wanted}, not one with a gradient")));
    }
    array.call_method1("view", (array.py().import("torch")?.getattr("int16")?,))
}
