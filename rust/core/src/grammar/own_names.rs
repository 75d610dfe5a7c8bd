//! Names of a declared file: where the spec has them too, they mean its own rules.

use std::collections::HashMap;

use super::draft::{Draft, Named};
use super::error::{Result, fail};
use super::rule::Argument;
use crate::vocabulary;

/// Give rules of a declared file names of their own, where others have them.
pub(crate) fn qualify(own: &mut [Draft], others: &[Draft]) -> Result<()> {
    let taken = |name: &str| {
        others.iter().any(|draft| draft.name == name)
            || vocabulary::BLOCKS.iter().any(|block| block.name == name)
    };
    let object = own[0].name.clone();
    if taken(&object) {
        return fail(own[0].line, format!("{object} is a name of the spec: expected another one"));
    }
    let names: HashMap<String, String> = own
        .iter()
        .filter(|draft| taken(&draft.name))
        .map(|draft| (draft.name.clone(), format!("{object}.{}", draft.name)))
        .collect();
    for draft in own {
        draft.rename(&names);
    }
    Ok(())
}

impl Draft {
    fn rename(&mut self, names: &HashMap<String, String>) {
        if let Some(name) = names.get(&self.name) {
            self.name.clone_from(name);
        }
        self.expression.rename(names);
        for argument in self.clauses.iter_mut().flat_map(|each| &mut each.arguments) {
            if let Argument::Name(name) = argument
                && let Some(qualified) = names.get(name)
            {
                name.clone_from(qualified);
            }
        }
    }
}

impl Named {
    pub fn rename(&mut self, names: &HashMap<String, String>) {
        match self {
            Named::Name(_, name) => {
                if let Some(qualified) = names.get(name) {
                    name.clone_from(qualified);
                }
            }
            Named::Tokens(_) => {}
            Named::Sequence(parts) | Named::Choice(parts) => {
                for part in parts {
                    part.rename(names);
                }
            }
            Named::Maybe(part) | Named::Many(part) => part.rename(names),
        }
    }
}
