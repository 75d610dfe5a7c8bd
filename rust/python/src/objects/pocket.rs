//! `logos_grammar.pocket.Pocket`: chains with their sites, and what they were found from.

use logos_core::columns::Columns;
use logos_core::objects::pocket::{Chain, Lined, Sites, Spelled, Task};
use logos_core::objects::{NucleicAcid, Pocket, Protein};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyTuple;

use crate::columns;
use crate::error::{Refusal, field_is_not, members_of, object_of};
use crate::object::Mirror;

/// Chains, and the task and the chains that were given.
pub struct Chains {
    chains: Vec<LinedChain>,
    given: Option<(Task, Vec<LinedChain>)>,
}

/// What a chain with its sites holds.
pub struct LinedChain {
    chain: ChainText,
    sites: Vec<u8>,
    spelled: Vec<(u32, Vec<u8>)>,
}

/// A chain as text.
enum ChainText {
    Protein(<Protein as Mirror>::Held),
    NucleicAcid(<NucleicAcid as Mirror>::Held),
}

const TASKS: [(&str, Task); 2] = [("search", Task::Search), ("trans", Task::Trans)];

impl LinedChain {
    /// The Python class.
    pub fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        CLASS.import(py, "logos_grammar.pocket", "LinedChain")
    }

    fn sites_class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        CLASS.import(py, "logos_grammar.pocket", "Sites")
    }

    /// Take what an instance holds.
    pub fn take(object: &Bound<'_, PyAny>) -> Result<Self, Refusal> {
        let py = object.py();
        let chain = object.getattr("chain")?;
        let chain = if chain.is_instance(Protein::class(py)?)? {
            ChainText::Protein(Protein::take(&chain)?)
        } else if chain.is_instance(NucleicAcid::class(py)?)? {
            ChainText::NucleicAcid(NucleicAcid::take(&chain)?)
        } else {
            return Err(field_is_not(object, "chain", "a Protein or a NucleicAcid", &chain));
        };
        let sites = columns::take(&object_of(object, "sites", Self::sites_class(py)?)?)?;
        let mut spelled = Vec::new();
        for (place, pair) in members_of(object, "spelled")?.enumerate() {
            let pair = pair?;
            let found = pair.extract::<(u32, Bound<'_, PyAny>)>().ok();
            let class = logos_core::objects::Molecule::class(py)?;
            let found = found.filter(|(_, molecule)| molecule.is_instance(class).unwrap_or(false));
            let Some((residue, molecule)) = found else {
                let field = format!("spelled[{place}]");
                let wanted = "a tuple of a residue and a Molecule";
                return Err(field_is_not(object, &field, wanted, &pair));
            };
            spelled.push((residue, columns::take(&molecule)?));
        }
        Ok(LinedChain { chain, sites, spelled })
    }

    /// Make the chain of it.
    pub fn build(&self) -> Result<Lined, Refusal> {
        let spelled = self.spelled.iter();
        Ok(Lined {
            chain: match &self.chain {
                ChainText::Protein(held) => Chain::Protein(Protein::build(held)?),
                ChainText::NucleicAcid(held) => Chain::NucleicAcid(NucleicAcid::build(held)?),
            },
            sites: columns::build::<Sites>(&self.sites)?,
            spelled: spelled
                .map(|(residue, bytes)| {
                    Ok(Spelled { residue: *residue, molecule: columns::build(bytes)? })
                })
                .collect::<Result<_, Refusal>>()?,
        })
    }

    /// Make of a chain what an instance holds.
    pub fn hold(lined: Lined) -> Self {
        let spelled = lined.spelled.into_iter();
        LinedChain {
            chain: match lined.chain {
                Chain::Protein(protein) => ChainText::Protein(protein.hold()),
                Chain::NucleicAcid(strand) => ChainText::NucleicAcid(strand.hold()),
            },
            sites: lined.sites.to_bytes(),
            spelled: spelled.map(|one| (one.residue, one.molecule.to_bytes())).collect(),
        }
    }

    /// Make an instance that holds it.
    pub fn give(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let chain = match self.chain {
            ChainText::Protein(held) => Protein::give(held, py)?,
            ChainText::NucleicAcid(held) => NucleicAcid::give(held, py)?,
        };
        let sites = columns::give(Self::sites_class(py)?, &self.sites)?;
        let class = logos_core::objects::Molecule::class(py)?;
        let spelled = self
            .spelled
            .iter()
            .map(|(residue, bytes)| (*residue, columns::give(class, bytes)?).into_pyobject(py));
        let spelled = PyTuple::new(py, spelled.collect::<PyResult<Vec<_>>>()?)?;
        Self::class(py)?.call1((chain, sites, spelled))
    }
}

impl Mirror for Pocket {
    type Held = Chains;

    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        CLASS.import(py, "logos_grammar.pocket", "Pocket")
    }

    fn take(object: &Bound<'_, PyAny>) -> Result<Chains, Refusal> {
        let (task, given) = (object.getattr("task")?, object.getattr("given")?);
        let given = if task.is_none() && given.is_none() {
            None
        } else {
            let names = TASKS.map(|(name, _)| name);
            let task = TASKS[crate::error::word_of(object, "task", &names)?].1;
            Some((task, chains_of(object, "given")?))
        };
        Ok(Chains { chains: chains_of(object, "chains")?, given })
    }

    fn build(Chains { chains, given }: &Chains) -> Result<Self, Refusal> {
        let built = |chains: &[LinedChain]| -> Result<Vec<Lined>, Refusal> {
            chains.iter().map(LinedChain::build).collect()
        };
        let given = match given {
            Some((task, chains)) => Some((*task, built(chains)?)),
            None => None,
        };
        Ok(Pocket { chains: built(chains)?, given })
    }

    fn hold(self) -> Chains {
        let held = |chains: Vec<Lined>| chains.into_iter().map(LinedChain::hold).collect();
        let given = self.given.map(|(task, chains)| (task, held(chains)));
        Chains { chains: held(self.chains), given }
    }

    fn give(Chains { chains, given }: Chains, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let tuple = |chains: Vec<LinedChain>| {
            let chains = chains.into_iter().map(|chain| chain.give(py));
            PyTuple::new(py, chains.collect::<PyResult<Vec<_>>>()?)
        };
        let class = Pocket::class(py)?;
        match given {
            None => class.call1((tuple(chains)?,)),
            Some((task, given)) => {
                class.call1((tuple(chains)?, tuple(given)?, TASKS[task as usize].0))
            }
        }
    }
}

fn chains_of(object: &Bound<'_, PyAny>, field: &str) -> Result<Vec<LinedChain>, Refusal> {
    let class = LinedChain::class(object.py())?;
    let mut chains = Vec::new();
    for (place, chain) in members_of(object, field)?.enumerate() {
        let chain = chain?;
        if !chain.is_instance(class)? {
            return Err(field_is_not(object, &format!("{field}[{place}]"), "a LinedChain", &chain));
        }
        chains.push(LinedChain::take(&chain)?);
    }
    Ok(chains)
}
