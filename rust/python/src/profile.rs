//! Profiles as Python asks for them.

use logos_core::judge::judge_as;
use logos_core::profiles::{Lengths, Profile, is_unit};
use logos_core::recognizer::spec;
use logos_core::vocabulary;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyType};

/// The profile of a name or of a `logos_grammar.profile.Profile`.
pub fn profile_of(profile: &Bound<'_, PyAny>, kind: Option<&str>) -> PyResult<Profile> {
    let mut read = if let Ok(name) = profile.cast::<PyString>() {
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
    } else if profile
        .is_instance(PROFILE.import(profile.py(), "logos_grammar.profile", "Profile")?.as_any())?
    {
        fields_of(profile)?
    } else {
        return Err(PyTypeError::new_err(format!(
            "expected the name of a profile or a Profile, not {}",
            profile.repr()?
        )));
    };
    if kind == Some("structure") && read.composition.is_none() {
        read.residues = read.length.take();
    }
    let counts = read.length.is_some() || read.composition.is_some();
    if counts && !matches!(kind, Some("molecule" | "protein" | "nucleic_acid")) {
        return Err(PyValueError::new_err(
            "expected the kind molecule, protein or nucleic_acid for a length or a composition, or \
             structure for a length",
        ));
    }
    if read.coordinates_of.is_some() && !matches!(kind, Some("structure" | "conformer")) {
        return Err(PyValueError::new_err(
            "expected the kind structure or conformer where coordinates are free",
        ));
    }
    if let (Some(sentence), Some(kind)) = (&read.coordinates_of, kind)
        && let Err(refusal) = judge_as(kind, sentence)
    {
        return Err(PyValueError::new_err(format!(
            "expected the sentence of a {kind} in coordinates_of: {refusal}"
        )));
    }
    if read.fills.is_some() && kind != Some("infill") {
        return Err(PyValueError::new_err("expected the kind infill for the lengths of fills"));
    }
    let of_molecules = |kind| matches!(kind, "molecule" | "reaction") || !is_of_spec(kind);
    if read.valence && !kind.is_none_or(of_molecules) {
        return Err(PyValueError::new_err("expected a kind with molecules for valences"));
    }
    let empty = read.length.is_some_and(|(_, most)| most == 0)
        || read.composition.as_ref().is_some_and(|all| all.iter().all(|&(_, count)| count == 0));
    if empty && kind == Some("molecule") {
        return Err(PyValueError::new_err("expected at least one atom, as a molecule has"));
    }
    for &(id, _) in read.composition.iter().flatten() {
        if !kind.is_some_and(|kind| is_unit(kind, id)) {
            return Err(PyValueError::new_err(format!(
                "expected atoms without charge (C for aromatic ones, too), residues or nucleotides \
                 in the composition of a {}, not {:?}",
                kind.unwrap_or_default(),
                vocabulary::name(id).unwrap_or_default()
            )));
        }
    }
    if read.copy && kind.is_some_and(|kind| !matches!(kind, "edit" | "infill" | "pocket")) {
        return Err(PyValueError::new_err("expected the kind edit or pocket to copy"));
    }
    Ok(read)
}

static PROFILE: PyOnceLock<Py<PyType>> = PyOnceLock::new();

fn is_of_spec(kind: &str) -> bool {
    spec().kinds().any(|known| known == kind)
}

/// One number, or the fewest and the most.
fn length_of(length: &Bound<'_, PyAny>) -> PyResult<Option<(u32, u32)>> {
    match length.extract::<Option<(u32, u32)>>() {
        Ok(pair) => Ok(pair),
        Err(_) => Ok(length.extract::<Option<u32>>()?.map(|exactly| (exactly, exactly))),
    }
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
    let length = length_of(&profile.getattr("length")?)?;
    let fill_length = length_of(&profile.getattr("fill_length")?)?;
    let fill_lengths = profile.getattr("fill_lengths")?;
    let fills = if fill_lengths.is_none() {
        fill_length.map(Lengths::Each)
    } else {
        let all = fill_lengths.try_iter()?.map(|each| length_of(&each?));
        let all: Vec<Option<(u32, u32)>> = all.collect::<PyResult<_>>()?;
        Some(Lengths::InOrder(all.into_iter().flatten().collect()))
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
    let coordinates_of = profile.getattr("coordinates_of")?.extract()?;
    Ok(Profile {
        valence,
        aromatic,
        copy,
        length,
        composition,
        fills,
        coordinates_of,
        ..Profile::default()
    })
}
