//! Labels: names of strands, entities and places in sequences, for a structure that has none.

use std::collections::HashMap;

use crate::columns::Words;
use crate::objects::structure::{StrandKind, Structure};

/// Give every strand a label (`A`, `B`, ..., `AA`), and an entity: strands of one kind and the same
/// components are of one. The residues of a polymer are numbered from 1. Strands of two models have
/// one label only where they are of one entity and chain, as tables name the sequence of a strand by
/// its label.
/// Assemblies name the labels of their chains.
pub(super) fn assign(structure: &Structure) -> Structure {
    let mut labelled = structure.clone();
    let Structure { strands, residues, assemblies, .. } = &mut labelled;
    let mut entities: HashMap<(u8, Vec<u32>), usize> = HashMap::new();
    let (mut labels, mut names) = (Words::default(), Words::default());
    let (mut seq, mut states) = (Vec::new(), Vec::new());
    let mut first = 0;
    // By entity and chain, the label of each strand in a model, and how many are in the present one.
    let mut numbers: HashMap<(usize, u32, usize), usize> = HashMap::new();
    let mut of_model: HashMap<(usize, u32), usize> = HashMap::new();
    for strand in 0..strands.len() {
        if strand > 0 && strands.model[strand] != strands.model[strand - 1] {
            of_model.clear();
        }
        let end = residues.strand.partition_point(|of| *of as usize <= strand);
        let kind = strands.kind[strand];
        let is_polymer = kind != StrandKind::Hetero as u8;
        let mut components = residues.component.codes()[first..end].to_vec();
        if !is_polymer {
            components.sort_unstable();
            components.dedup();
        }
        let next = entities.len() + 1;
        let entity = *entities.entry((kind, components)).or_insert(next);
        names.push_word(entity.to_string().as_bytes());
        let chain = strands.chain.codes()[strand];
        let copy = of_model.entry((entity, chain)).or_insert(0);
        *copy += 1;
        let next = numbers.len();
        labels.push_word(&letters(*numbers.entry((entity, chain, *copy)).or_insert(next)));
        let mut place = 0;
        for residue in first..end {
            let key = |row: usize| (residues.number[row], residues.insertion.codes()[row]);
            let is_same = residue > first && key(residue) == key(residue - 1);
            place += i32::from(!is_same || place == 0);
            seq.push(if is_polymer { place } else { 0 });
            states.push(if is_polymer { 0 } else { 2 });
        }
        first = end;
    }
    *assemblies = assemblies.as_ref().and_then(|held| held.renamed(&strands.chain, &labels));
    strands.label = Some(labels);
    strands.entity = Some(names);
    if residues.label_seq.is_none() {
        residues.label_seq = Some(seq);
        residues.label_seq_state = states.contains(&2).then_some(states);
    }
    labelled
}

/// `A` to `Z`, `AA` to `ZZ`, and so on.
fn letters(mut number: usize) -> Vec<u8> {
    let mut name = Vec::new();
    loop {
        name.push(b'A' + (number % 26) as u8);
        if number < 26 {
            name.reverse();
            return name;
        }
        number = number / 26 - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_go_on_after_z() {
        let names = [0, 1, 25, 26, 51, 52, 701, 702].map(letters);
        assert_eq!(
            names.map(|name| String::from_utf8(name).unwrap()),
            ["A", "B", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
        );
    }
}
