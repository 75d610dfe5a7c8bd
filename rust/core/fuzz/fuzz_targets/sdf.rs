//! Any bytes as SDF: the columns of a record come back from their bytes and from its MOL block, and
//! what is refused says where in the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use logos_core::columns::Columns;
use logos_core::formats::sdf::{Record, read};

fuzz_target!(|text: &[u8]| {
    let lines = text.split(|&b| b == b'\n').count();
    for record in read(text) {
        match record {
            Ok(record) => come_back(&record),
            Err(error) => {
                assert!(error.position <= text.len());
                assert!((1..=lines + 1).contains(&error.line) && error.column > 0);
            }
        }
    }
});

fn come_back(record: &Record) {
    let tables = Record::from_bytes(&record.to_bytes()).unwrap();
    assert_eq!((&tables.atoms, &tables.bonds), (&record.atoms, &record.bonds));
    assert_eq!(tables.items, record.items);
    let is_void = |z: &i64| *z == 0;
    assert!(!record.is_flat || record.atoms.z.scaled.iter().all(is_void));
    // Of several carriage returns at the end of a line one goes each time.
    if !record.block.contains(&b'\r') {
        let again: Vec<_> = read(&record.block).collect();
        let [Ok(again)] = &again[..] else { panic!("{again:?}") };
        assert_eq!((&again.atoms, &again.bonds), (&record.atoms, &record.bonds));
    }
}
