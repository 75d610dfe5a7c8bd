//! What is read fast is what the machine accepts, and is built as the machine's sentences are.

use logos_core::GrammarError;
use logos_core::judge::{judge, judge_as};
use logos_core::object::Object;
use logos_core::object_type::ObjectType;
use logos_core::objects::{Molecule, NucleicAcid, Protein, Reaction, Structure};
use logos_core::spec_texts::SPEC_TEXTS;
use logos_core::texts::{Kind, Rows, decode as decode_texts};
use logos_core::vocabulary::{BLOCKS, block, token};
use logos_core::wire::{Builder, Production};

/// The ids of every example of the spec, accepted or refused.
fn examples() -> Vec<Vec<u16>> {
    let lines = SPEC_TEXTS.iter().flat_map(|(_, text)| text.lines());
    let examples = lines.filter_map(|line| line.strip_prefix("    "));
    let ids = |line: &str| line.split(' ').map_while(|word| word.parse().ok()).collect();
    examples.map(ids).filter(|ids: &Vec<u16>| !ids.is_empty()).collect()
}

/// Each example with one token left out, put in, or replaced by any other of a few.
fn near_examples() -> Vec<Vec<u16>> {
    let blocks = BLOCKS.iter().filter(|block| block.assigned() > 0);
    let mut others: Vec<u16> = blocks.flat_map(|block| [block.base, block.last()]).collect();
    others.extend(["C", "c", "=", "-", ":", "ring-", "ring:"].map(token));
    others.extend([0, u16::MAX]);
    others.extend(["stereo", "charge", "ring_open", "ring_close"].map(|name| block(name).base + 1));
    let mut all = examples();
    for ids in examples().iter().filter(|ids| ids.len() < 40) {
        for at in 0..ids.len() {
            all.push(ids[..at].to_vec());
            all.push([&ids[..at], &ids[at + 1..]].concat());
            for &other in &others {
                all.push([&ids[..at], &[other], &ids[at..]].concat());
                all.push([&ids[..at], &[other], &ids[at + 1..]].concat());
            }
        }
    }
    all
}

/// Whether all that is read fast is a sentence and the object that is built of it; how many were.
fn read_fast<T: ObjectType + PartialEq + std::fmt::Debug>(sentences: &[Vec<u16>]) -> usize {
    let mut count = 0;
    for ids in sentences {
        let Some(object) = T::read_fast(ids) else { continue };
        assert_eq!(judge(ids), Ok(()), "{ids:?}");
        assert_eq!(T::build(&mut Builder(ids)), object, "{ids:?}");
        count += 1;
    }
    count
}

#[test]
fn what_is_read_fast_is_a_sentence() {
    let sentences = near_examples();
    assert!(sentences.len() > 100_000, "{}", sentences.len());
    assert!(read_fast::<Molecule>(&sentences) > 1_000);
    assert!(read_fast::<Reaction>(&sentences) > 100);
    assert!(read_fast::<Protein>(&sentences) > 20);
    assert!(read_fast::<NucleicAcid>(&sentences) > 100);
    assert!(read_fast::<Structure>(&sentences) > 1_000);
}

#[test]
fn every_molecule_reaction_and_structure_is_read_fast() {
    for ids in near_examples() {
        let (is_sentence, from) = (judge(&ids).is_ok(), Builder(&ids));
        if from.at(Molecule::FIRST) {
            assert_eq!(Molecule::read_fast(&ids).is_some(), is_sentence, "{ids:?}");
        }
        if from.at(Structure::FIRST) {
            assert_eq!(Structure::read_fast(&ids).is_some(), is_sentence, "{ids:?}");
        }
        if from.at(Reaction::FIRST) {
            assert_eq!(Reaction::read_fast(&ids).is_some(), is_sentence, "{ids:?}");
        }
    }
}

#[test]
fn a_text_is_refused_as_the_machine_says() {
    // A retro reaction has no text.
    let retro = token("<ReverseReact>");
    for ids in near_examples() {
        let turn = ids.iter().position(|&id| id == retro);
        for &(name, kind) in Kind::ALL {
            let sentences = Rows { items: &ids, bounds: &[(0, ids.len())] };
            let mut decoded = decode_texts(kind, sentences, 1);
            // The cell of a column is beside what the machine says.
            let error =
                decoded.errors.pop().map(|(_, error)| GrammarError { cell: None, ..*error });
            let mut wanted = judge_as(name, &ids).err().map(|error| *error);
            if kind == Kind::Reaction {
                let beyond = |at| wanted.as_ref().is_none_or(|error| error.position > at);
                if let Some(at) = turn.filter(|&at| beyond(at)) {
                    let error = error.expect("a retro reaction is refused");
                    assert_eq!((error.position, error.found), (at, Some(retro)), "{ids:?}");
                    continue;
                }
                if let Some(wanted) = &mut wanted {
                    wanted.expected.retain(|&id| id != retro);
                }
            }
            assert_eq!(error, wanted, "{name} {ids:?}");
        }
    }
}

#[test]
fn what_is_read_is_what_the_machine_accepts() {
    for ids in near_examples() {
        let decoded: Result<Object, _> = logos_core::decode(&ids);
        assert_eq!(decoded.map(|_| ()), judge(&ids), "{ids:?}");
    }
}
