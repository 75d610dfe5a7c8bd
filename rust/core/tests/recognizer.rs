//! The recognizer beside the reader, on the examples of the spec.

use logos_core::GrammarError;
use logos_core::object;
use logos_core::recognizer::{Reason, Recognizer, spec};
use logos_core::spec_texts::SPEC_TEXTS;

/// Where and why a recognizer refuses.
fn refusal(ids: &[u16]) -> Option<(usize, Option<String>)> {
    let mut recognizer = Recognizer::new(spec().any(), None, None).unwrap();
    for &id in ids {
        if let Err(refusal) = recognizer.accept(id) {
            let condition = match refusal.reason {
                Reason::Condition(clause) => Some(recognizer.clause(clause).to_owned()),
                _ => None,
            };
            return Some((refusal.position, condition));
        }
    }
    (!recognizer.is_done()).then_some((ids.len(), None))
}

fn agrees(ids: &[u16]) {
    let wanted = object::check(ids).map(|error| {
        let GrammarError { position, condition, .. } = *error;
        (position, condition.map(std::borrow::Cow::into_owned))
    });
    assert_eq!(refusal(ids), wanted, "{ids:?}");
    let valid = wanted.map_or(ids.len(), |(position, _)| position);
    let mut recognizer = Recognizer::new(spec().any(), None, None).unwrap();
    for i in 0..=valid {
        let next = object::next_ids(&ids[..i]).unwrap();
        assert_eq!(recognizer.allowed(), next, "after {:?}", &ids[..i]);
        if i < valid {
            recognizer.accept(ids[i]).unwrap();
        }
    }
}

fn examples() -> Vec<Vec<u16>> {
    let mut all = Vec::new();
    for (path, text) in SPEC_TEXTS.iter().filter(|(path, _)| path.starts_with("objects/")) {
        for line in text.lines().filter(|line| line.starts_with("    ")) {
            let ids: Vec<u16> =
                line.split_whitespace().map_while(|word| word.parse().ok()).collect();
            assert!(!path.is_empty());
            all.push(ids);
        }
    }
    all
}

#[test]
fn the_reader_and_the_recognizer_agree_on_the_examples() {
    for ids in examples() {
        agrees(&ids);
    }
}

#[test]
fn a_budget_is_kept() {
    let mut seed = 1_u64;
    let mut random = |n: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % n
    };
    for kind in spec().kinds() {
        let machine = spec().of(kind).unwrap();
        for budget in [16, 24, 64] {
            for _ in 0..100 {
                let budget =
                    if kind == "infill" || kind == "antibody" { budget + 4 } else { budget };
                let mut one = Recognizer::new(machine, Some(kind), Some(budget)).unwrap();
                while !one.is_done() {
                    let allowed = one.allowed();
                    assert!(
                        !allowed.is_empty(),
                        "{kind} {budget} {:?}",
                        one.ids().collect::<Vec<_>>()
                    );
                    one.accept(allowed[random(allowed.len())]).unwrap();
                }
                let ids: Vec<u16> = one.ids().collect();
                assert!(ids.len() <= budget);
                assert_eq!(object::check(&ids), None);
            }
        }
    }
}
