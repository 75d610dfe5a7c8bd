//! How long a mask and a step take: `cargo bench --bench recognizer -- FILE`.
//!
//! FILE holds one SMILES a line; without it the bench makes its own few molecules.

#![allow(clippy::cast_precision_loss)] // times are printed in three digits

use std::hint::black_box;
use std::time::Instant;

use logos_core::automaton::mask;
use logos_core::recognizer::{Recognizer, spec};
use logos_core::texts::{Kind, Rows, encode, lines};

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let text = match arguments.next() {
        Some(file) => std::fs::read(&file).unwrap_or_else(|error| panic!("{file}: {error}")),
        None => b"CC(=O)Oc1ccccc1C(=O)O\nCn1cnc2c1c(=O)n(C)c(=O)n2C\n".repeat(1000),
    };
    let bounds = lines(&text);
    let bounds = &bounds[..bounds.len().min(5000)];
    let encoded = encode(Kind::Molecule, Rows { items: &text, bounds }, 1, false);
    let mut sentences = Vec::new();
    let mut start = 0;
    for &end in &encoded.ends {
        sentences.push(&encoded.items[start..end as usize]);
        start = end as usize;
    }
    let machine = spec().of("molecule").expect("the spec has molecules");
    let mut one = Recognizer::new(machine, Some("molecule"), None).expect("it is of molecules");
    let mut words = vec![0_u32; mask::WORDS];
    // The time of a sentence over its tokens: one token is shorter than reading the clock.
    let mut report = |name: &str, fill: bool, accept: bool| {
        let mut times = Vec::new();
        for _ in 0..9 {
            for sentence in &sentences {
                one.reset();
                let begin = Instant::now();
                for &id in *sentence {
                    if fill {
                        one.fill(&mut words);
                        black_box(&words);
                    }
                    if accept {
                        one.accept(id).expect("the sentence is one");
                    }
                }
                times.push(begin.elapsed().as_nanos() as f64 / sentence.len() as f64);
            }
        }
        times.sort_by(f64::total_cmp);
        let at = |part: f64| times[(times.len() as f64 * part) as usize];
        println!(
            "{name}: best tenth {:.1} ns, median {:.1}, 90 % {:.1}, 99 % {:.1}",
            at(0.1),
            at(0.5),
            at(0.9),
            at(0.99)
        );
    };
    report("accept", false, true);
    report("mask and accept", true, true);
}
