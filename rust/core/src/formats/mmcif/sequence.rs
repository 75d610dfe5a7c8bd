//! Sequence: residues of a polymer that were not seen, from `_pdbx_poly_seq_scheme` or, without
//! numbers, from `_entity_poly_seq`.

use std::collections::{HashMap, HashSet};

use super::block::Block;
use crate::formats::cif::Value;
use crate::formats::cif::table::{category_of, value};
use crate::formats::decimal;
use crate::formats::error::{FormatError, shown};
use crate::formats::rows::{Held, Number, ResidueRow, Rows, UNKNOWN};

/// One residue of a sequence.
#[derive(Clone, Copy)]
struct Monomer<'a> {
    seq: i32,
    component: &'a [u8],
    number: Number,
    insertion: &'a [u8],
}

type Sequences<'a> = HashMap<&'a [u8], Vec<Monomer<'a>>>;

/// Put the residues that were not seen between those that were: before the first one of their
/// strand whose place in the sequence is behind theirs. Sequences of atoms without places are returned.
pub(super) fn insert<'a>(
    block: &Block<'a>,
    rows: &mut Rows<'a>,
    held: Held,
) -> Result<Option<FormatError>, FormatError> {
    if !held.label_seq {
        return Ok(without_places(block, rows, "label_seq_id"));
    }
    let by_label = block.scheme.len() > 0;
    if by_label && rows.runs.iter().all(|run| run.names.label.is_empty()) {
        return Ok(without_places(block, rows, "label_asym_id"));
    }
    let sequences = if by_label { scheme(block, rows)? } else { entities(block, rows)? };
    if sequences.is_empty() {
        return Ok(None);
    }
    // The places of each strand of each model that were seen, and its last run.
    let mut seen: HashSet<(u32, &[u8], i32)> = HashSet::new();
    let mut last: HashMap<(u32, &[u8]), usize> = HashMap::new();
    for (row, run) in rows.runs.iter().enumerate() {
        last.insert((run.model, run.names.label), row);
        let end = rows.runs.get(row + 1).map_or(rows.label_seq.len(), |next| next.first);
        for residue in run.first..end {
            if rows.label_seq_states[residue] == 0 {
                seen.insert((run.model, run.names.label, rows.label_seq[residue]));
            }
        }
    }
    let unseen_in = |model: u32, label: &'a [u8], monomers: &[Monomer]| {
        monomers.iter().any(|monomer| !seen.contains(&(model, label, monomer.seq)))
    };
    let any_unseen = rows.runs.iter().any(|run| {
        let key = if by_label { run.names.label } else { run.names.entity };
        sequences.get(key).is_some_and(|monomers| unseen_in(run.model, run.names.label, monomers))
    });
    if !any_unseen {
        return Ok(None);
    }
    if !by_label {
        check_entities(&sequences, rows)?;
    }
    let old = std::mem::take(&mut rows.structure.residues);
    let old_states = std::mem::take(&mut rows.number_states);
    let old_seqs = std::mem::take(&mut rows.label_seq);
    let old_seq_states = std::mem::take(&mut rows.label_seq_states);
    let old_runs = std::mem::take(&mut rows.runs);
    let firsts: Vec<usize> = old_runs.iter().map(|run| run.first).collect();
    let mut moved = Vec::with_capacity(old.len());
    let mut next: HashMap<(u32, &[u8]), usize> = HashMap::new();
    for (row, mut run) in old_runs.into_iter().enumerate() {
        let (model, label) = (run.model, run.names.label);
        let key = if by_label { label } else { run.names.entity };
        run.first = rows.structure.residues.strand.len();
        rows.runs.push(run);
        let monomers = sequences.get(key).map_or(&[][..], Vec::as_slice);
        let next = next.entry((model, label)).or_insert(0);
        let end = firsts.get(row + 1).copied().unwrap_or(old.len());
        for residue in firsts[row]..end {
            if old_seq_states[residue] == 0 {
                while monomers.get(*next).is_some_and(|m| m.seq < old_seqs[residue]) {
                    begin_unseen(rows, &seen, model, label, &monomers[*next]);
                    *next += 1;
                }
            }
            moved.push(rows.structure.residues.strand.len() as u32);
            rows.begin_residue(&ResidueRow {
                component: old.component.get(residue),
                number: Number { value: old.number[residue], state: old_states[residue] },
                insertion: old.insertion.get(residue),
                hetero: old.hetero[residue],
                label_seq: Number { value: old_seqs[residue], state: old_seq_states[residue] },
            });
        }
        if last.get(&(model, label)) == Some(&row) {
            for monomer in &monomers[*next..] {
                begin_unseen(rows, &seen, model, label, monomer);
            }
            *next = monomers.len();
        }
    }
    for residue in &mut rows.structure.atoms.residue {
        *residue = moved[*residue as usize];
    }
    Ok(None)
}

/// The sequences of a block whose atoms lack the item that says their places in it.
fn without_places(block: &Block, rows: &Rows, item: &str) -> Option<FormatError> {
    let mut tables = [&block.scheme, &block.entity_sequence].into_iter();
    let tag = tables.find(|table| table.len() > 0)?.tags[0];
    let reason = format!("a sequence: the atoms have no {item}");
    Some(at(tag, reason, rows).of_item(String::from_utf8_lossy(category_of(tag)).into_owned()))
}

/// Check that each strand of each model has one sequence.
fn check_entities(sequences: &Sequences, rows: &Rows) -> Result<(), FormatError> {
    let mut of_strand: HashMap<(u32, &[u8]), &[u8]> = HashMap::new();
    for run in rows.runs.iter().filter(|run| sequences.contains_key(run.names.entity)) {
        let names = &run.names;
        let entity = *of_strand.entry((run.model, names.label)).or_insert(names.entity);
        if entity != names.entity {
            let (strand, one, other) = (shown(names.label), shown(entity), shown(names.entity));
            let reason = format!("expected one entity in {strand}, found {one} and {other}");
            return Err(at(names.entity, reason, rows).of_item("_atom_site.label_entity_id"));
        }
    }
    Ok(())
}

fn begin_unseen(
    rows: &mut Rows,
    seen: &HashSet<(u32, &[u8], i32)>,
    model: u32,
    label: &[u8],
    monomer: &Monomer,
) {
    if seen.contains(&(model, label, monomer.seq)) {
        return;
    }
    rows.begin_residue(&ResidueRow {
        component: monomer.component,
        number: monomer.number,
        insertion: monomer.insertion,
        hetero: false,
        label_seq: Number { value: monomer.seq, state: 0 },
    });
}

/// The sequence of each strand.
fn scheme<'a>(block: &Block<'a>, rows: &Rows) -> Result<Sequences<'a>, FormatError> {
    let table = &block.scheme;
    let mut sequences = Sequences::new();
    let (label, seq) = (table.column("asym_id"), table.column("seq_id"));
    let (component, number) = (table.column("mon_id"), table.column("pdb_seq_num"));
    let insertion = table.column("pdb_ins_code");
    for row in 0..table.len() {
        let value = |column| value(column, row);
        let sequence = sequences.entry(value(label).word()).or_default();
        let number = value(number);
        sequence.push(Monomer {
            seq: place(value(seq), "_pdbx_poly_seq_scheme.seq_id", rows)?,
            component: value(component).word(),
            number: if number.is_absent() {
                UNKNOWN
            } else {
                let item = "_pdbx_poly_seq_scheme.pdb_seq_num";
                Number { value: place(number, item, rows)?, state: 0 }
            },
            insertion: value(insertion).word(),
        });
    }
    Ok(sorted(sequences))
}

/// The sequence of each entity.
fn entities<'a>(block: &Block<'a>, rows: &Rows) -> Result<Sequences<'a>, FormatError> {
    let table = &block.entity_sequence;
    let mut sequences = Sequences::new();
    let (entity, seq) = (table.column("entity_id"), table.column("num"));
    let component = table.column("mon_id");
    for row in 0..table.len() {
        let value = |column| value(column, row);
        sequences.entry(value(entity).word()).or_default().push(Monomer {
            seq: place(value(seq), "_entity_poly_seq.num", rows)?,
            component: value(component).word(),
            number: UNKNOWN,
            insertion: b"",
        });
    }
    Ok(sorted(sequences))
}

fn sorted(mut sequences: Sequences) -> Sequences {
    for monomers in sequences.values_mut() {
        monomers.sort_by_key(|monomer| monomer.seq);
    }
    sequences
}

fn place(value: Value, item: &str, rows: &Rows) -> Result<i32, FormatError> {
    decimal::read_integer(value.text).ok_or_else(|| {
        at(value.text, format!("expected an integer, not {}", shown(value.text)), rows)
            .of_item(item)
    })
}

/// An error at a part of the text.
fn at(part: &[u8], reason: String, rows: &Rows) -> FormatError {
    rows.at((part.as_ptr() as usize).wrapping_sub(rows.text.as_ptr() as usize), reason)
}
