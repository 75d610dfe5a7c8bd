//! How fast columns are encoded and decoded on one thread: `cargo bench -- FILE [KIND]`.
//!
//! FILE holds one text a line; without it the bench makes its own few molecules.

#![allow(clippy::cast_precision_loss)] // rates are printed in three digits

use std::time::{Duration, Instant};

use logos_core::texts::{Kind, Rows, decode, encode, lines};

const ROUNDS: usize = 41;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let text = match arguments.next() {
        Some(file) => std::fs::read(&file).unwrap_or_else(|error| panic!("{file}: {error}")),
        None => b"CC(=O)Oc1ccccc1C(=O)O\nCn1cnc2c1c(=O)n(C)c(=O)n2C\n".repeat(50_000),
    };
    let kind = arguments.next().unwrap_or_else(|| "molecule".to_owned());
    let kind = Kind::named(&kind).unwrap_or_else(|| panic!("no kind {kind}"));
    let bounds = lines(&text);
    let texts = Rows { items: &text, bounds: &bounds };
    let encoded = encode(kind, texts, 1, false);
    let starts = std::iter::once(0).chain(encoded.ends.iter().map(|&end| end as usize));
    let sentences: Vec<(usize, usize)> =
        starts.zip(encoded.ends.iter().map(|&end| end as usize)).filter(|(a, b)| a < b).collect();
    let sentences = Rows { items: &encoded.items, bounds: &sentences };
    println!("{} texts, {} bytes, {} refused", bounds.len(), text.len(), encoded.errors.len());
    report("encode", text.len(), || drop(encode(kind, texts, 1, false)));
    report("decode", text.len(), || drop(decode(kind, sentences, 1)));
}

fn report(name: &str, bytes: usize, work: impl Fn()) {
    let time = || {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    let mut times: Vec<Duration> = (0..ROUNDS).map(|_| time()).collect();
    times.sort_unstable();
    let rate = |time: Duration| bytes as f64 / time.as_secs_f64() / 1e6;
    println!(
        "{name}: best {:.0} MB/s, median {:.0} MB/s of {ROUNDS}",
        rate(times[0]),
        rate(times[ROUNDS / 2])
    );
}
