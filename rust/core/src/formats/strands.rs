//! Strands: runs of residues cut where a polymer begins or ends.
//!
//! mmCIF names its strands; a run with a name is one strand. A run of PDB, which TER has cut already,
//! is cut into polymers and the rest:
//!
//! * a residue is of a polymer when it has a letter, except one alone whose record is HETATM, and
//!   `UNK` without an alpha carbon;
//! * what is between two such of one kind, and no water, is of the polymer too (a chromophore);
//! * so is, before and behind, what has the backbone of one or is an alpha carbon alone, or caps one
//!   (`ACE`, `NH2`).

use super::rows::{Held, Run, words};
use crate::objects::structure::{StrandKind, Strands, Structure};
use crate::residues::{Polymer, RESIDUES};

/// What a residue is to the polymer it may be part of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Monomer(StrandKind),
    /// Not letter-coded, but with a backbone, or a cap.
    Backbone,
    Water,
    Other,
}

/// The kind of strand in which a component has a letter.
pub(super) fn letter_kind(component: &[u8]) -> Option<StrandKind> {
    Some(match RESIDUES.polymer_of(component)? {
        Polymer::Protein => StrandKind::Protein,
        Polymer::Dna => StrandKind::Dna,
        Polymer::Rna => StrandKind::Rna,
    })
}

/// Make the strands of runs; `residues.strand` holds the row of the run until then.
pub(super) fn cut(structure: &mut Structure, runs: &[Run], held: Held) {
    let roles = roles(structure);
    let mut strands = Strands::default();
    // Of each strand its run and its first residue.
    let mut begun: Vec<(&Run, usize)> = Vec::new();
    for (row, run) in runs.iter().enumerate() {
        let end = runs.get(row + 1).map_or(roles.len(), |next| next.first);
        let of_run = &roles[run.first..end];
        let mut add = |first: usize, kind: StrandKind| {
            begun.push((run, run.first + first));
            strands.model.push(run.model);
            strands.kind.push(kind as u8);
        };
        if run.names.label.is_empty() {
            cut_run(of_run, &mut add);
        } else {
            let mut kind = StrandKind::Hetero;
            cut_run(of_run, &mut |_, found| {
                kind = if kind == StrandKind::Hetero { found } else { kind };
            });
            add(0, kind);
        }
    }
    for (strand, (_, first)) in begun.iter().enumerate() {
        let end = begun.get(strand + 1).map_or(roles.len(), |next| next.1);
        structure.residues.strand[*first..end].fill(strand as u32);
    }
    strands.chain = begun.iter().map(|(run, _)| run.names.chain).collect();
    strands.label = words(held.label, begun.iter().map(|(run, _)| run.names.label));
    strands.entity = words(held.entity, begun.iter().map(|(run, _)| run.names.entity));
    strands.segment = words(held.segment, begun.iter().map(|(run, _)| run.names.segment));
    structure.strands = strands;
}

/// Call with the first residue and the kind of each strand of a run.
fn cut_run(roles: &[Role], begin: &mut impl FnMut(usize, StrandKind)) {
    let mut at = 0;
    let mut in_polymer = true;
    while at < roles.len() {
        if let Some((kind, end)) = polymer_at(roles, at) {
            begin(at, kind);
            at = end;
            in_polymer = true;
            continue;
        }
        if in_polymer {
            begin(at, StrandKind::Hetero);
            in_polymer = false;
        }
        // No polymer begins within a row of backbones that leads to none.
        at += roles[at..].iter().take_while(|role| **role == Role::Backbone).count().max(1);
    }
}

/// The kind and the end of the polymer that begins at a residue.
fn polymer_at(roles: &[Role], first: usize) -> Option<(StrandKind, usize)> {
    let leading = roles[first..].iter().take_while(|role| **role == Role::Backbone).count();
    let Some(&Role::Monomer(kind)) = roles.get(first + leading) else { return None };
    let mut end = first + leading + 1;
    loop {
        let rest = &roles[end..];
        let between = rest.iter().take_while(|r| matches!(r, Role::Backbone | Role::Other)).count();
        match rest.get(between) {
            Some(Role::Monomer(other)) if goes_on(kind, *other) => end += between + 1,
            _ => break,
        }
    }
    let trailing = roles[end..].iter().take_while(|role| **role == Role::Backbone).count();
    // What leads into another polymer is of that one.
    let is_led = matches!(roles.get(end + trailing), Some(Role::Monomer(_)));
    Some((kind, if is_led { end } else { end + trailing }))
}

/// A strand of DNA may have nucleotides of RNA, and the other way.
fn goes_on(kind: StrandKind, other: StrandKind) -> bool {
    kind == other || (kind != StrandKind::Protein && other != StrandKind::Protein)
}

/// The role of every residue.
fn roles(structure: &Structure) -> Vec<Role> {
    let residues = &structure.residues;
    let kinds: Vec<Option<StrandKind>> = residues.component.distinct().map(letter_kind).collect();
    let caps: Vec<bool> = residues.component.distinct().map(is_cap).collect();
    let waters: Vec<bool> = residues.component.distinct().map(is_water).collect();
    let unknown: Vec<bool> = residues.component.distinct().map(|name| name == b"UNK").collect();
    let backbone = Backbone::of(structure);
    let mut roles = Vec::with_capacity(residues.len());
    let mut atom = 0;
    for (row, &component) in residues.component.codes().iter().enumerate() {
        let component = component as usize;
        let first = atom;
        while structure.atoms.residue.get(atom) == Some(&(row as u32)) {
            atom += 1;
        }
        let names = &structure.atoms.name.codes()[first..atom];
        roles.push(match kinds[component] {
            Some(kind) if !unknown[component] || backbone.has_alpha_carbon(names) => {
                Role::Monomer(kind)
            }
            _ if waters[component] => Role::Water,
            _ if caps[component] || backbone.is_in(names) => Role::Backbone,
            // Calcium is named so, too.
            _ if backbone.is_alpha_carbon(names) && structure.atoms.element.get(first) == b"C" => {
                Role::Backbone
            }
            _ => Role::Other,
        });
    }
    demote_lone(&mut roles, structure);
    roles
}

/// A monomer whose record is HETATM is one only beside another of its run.
fn demote_lone(roles: &mut [Role], structure: &Structure) {
    let run = &structure.residues.strand;
    for row in 0..roles.len() {
        if !structure.residues.hetero[row] || !matches!(roles[row], Role::Monomer(_)) {
            continue;
        }
        let beside = |other: Option<usize>| {
            other.is_some_and(|other| {
                run.get(other) == Some(&run[row]) && roles[other] == roles[row]
            })
        };
        if !beside(row.checked_sub(1)) && !beside(Some(row + 1)) {
            roles[row] = Role::Other;
        }
    }
}

fn is_cap(component: &[u8]) -> bool {
    matches!(component, b"ACE" | b"FOR" | b"NME" | b"NMA" | b"NH2")
}

fn is_water(component: &[u8]) -> bool {
    matches!(component, b"HOH" | b"DOD" | b"WAT" | b"H2O" | b"TIP" | b"TIP3" | b"SOL")
}

/// The codes of the atom names of a backbone.
struct Backbone {
    alpha_carbon: Option<u32>,
    amino: [Option<u32>; 2],
    nucleic: [[Option<u32>; 2]; 3],
}

impl Backbone {
    fn of(structure: &Structure) -> Self {
        let names: Vec<&[u8]> = structure.atoms.name.distinct().collect();
        let code = |name: &[u8]| names.iter().position(|n| *n == name).map(|at| at as u32);
        Backbone {
            alpha_carbon: code(b"CA"),
            amino: [code(b"N"), code(b"C")],
            nucleic: [
                [code(b"C3'"), code(b"C3*")],
                [code(b"O5'"), code(b"O5*")],
                [code(b"O3'"), code(b"O3*")],
            ],
        }
    }

    fn has_alpha_carbon(&self, names: &[u32]) -> bool {
        self.alpha_carbon.is_some_and(|code| names.contains(&code))
    }

    /// Whether an alpha carbon is all that there is.
    fn is_alpha_carbon(&self, names: &[u32]) -> bool {
        !names.is_empty() && names.iter().all(|&name| self.alpha_carbon == Some(name))
    }

    fn is_in(&self, names: &[u32]) -> bool {
        let has = |code: Option<u32>| code.is_some_and(|code| names.contains(&code));
        (self.has_alpha_carbon(names) && self.amino.iter().all(|&code| has(code)))
            || self.nucleic.iter().all(|either| either.iter().any(|&code| has(code)))
    }
}
