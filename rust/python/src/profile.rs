//! Profiles as Python asks for them.

use logos_core::recognizer::profile::Profile;
use logos_core::vocabulary;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyString;

/// The profile of a name or of a `logos_grammar.profile.Profile`.
pub fn profile_of(profile: &Bound<'_, PyAny>, kind: Option<&str>) -> PyResult<Profile> {
    let read = if let Ok(name) = profile.cast::<PyString>() {
        match name.to_str()? {
            "kekule+valence" => Profile { valence: true, ..Profile::default() },
            "aromatic" => Profile { valence: true, aromatic: true, ..Profile::default() },
            "copy" => Profile { copy: true, ..Profile::default() },
            found => {
                return Err(PyValueError::new_err(format!(
                    "expected the profile \"kekule+valence\", \"aromatic\", \"copy\" or a Profile, \
                     not {found:?}"
                )));
            }
        }
    } else {
        fields_of(profile)?
    };
    let counts = read.length.is_some() || read.composition.is_some();
    if counts && !matches!(kind, Some("molecule" | "protein" | "nucleic_acid")) {
        return Err(PyValueError::new_err(
            "expected the kind molecule, protein or nucleic_acid for a length or a composition",
        ));
    }
    if read.copy && kind.is_some_and(|kind| !matches!(kind, "edit" | "infill")) {
        return Err(PyValueError::new_err("expected the kind edit to copy"));
    }
    Ok(read)
}

fn fields_of(profile: &Bound<'_, PyAny>) -> PyResult<Profile> {
    let valence = match profile.getattr("valence")?.extract::<Option<String>>()?.as_deref() {
        None => false,
        Some("rdkit") => true,
        Some(found) => {
            return Err(PyValueError::new_err(format!(
                "expected the valence table \"rdkit\", not {found:?}"
            )));
        }
    };
    let length = profile.getattr("length")?;
    let length = match length.extract::<Option<(u32, u32)>>() {
        Ok(pair) => pair,
        Err(_) => length.extract::<Option<u32>>()?.map(|exactly| (exactly, exactly)),
    };
    let composition = profile.getattr("composition")?;
    let composition = if composition.is_none() {
        None
    } else {
        let items = composition.call_method0("items")?;
        let items = items.try_iter()?.map(|item| item?.extract::<(String, u32)>());
        let unit = |item: PyResult<(String, u32)>| {
            let (name, count) = item?;
            let id = vocabulary::id(&name).ok_or_else(|| {
                PyValueError::new_err(format!(
                    "expected the name of a token in a composition, not {name:?}"
                ))
            })?;
            Ok((id, count))
        };
        Some(items.map(unit).collect::<PyResult<Vec<_>>>()?)
    };
    let aromatic = profile.getattr("aromatic")?.extract()?;
    let copy = profile.getattr("copy")?.extract()?;
    Ok(Profile { valence, aromatic, copy, length, composition })
}
