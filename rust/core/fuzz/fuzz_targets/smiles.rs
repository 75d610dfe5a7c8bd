//! Any bytes as SMILES and as reaction SMILES: the roads through objects and past them agree, and
//! what is read is written and read again as the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use logos_core::object::{decode, encode};
use logos_core::objects::molecule::smiles::{Reader, from_smiles};
use logos_core::objects::reaction;

fuzz_target!(|text: &[u8]| {
    let mut reader = Reader::default();
    let mut ids = Vec::new();
    let read = reader.text_to_ids(text, &mut ids);
    match (read, from_smiles(text)) {
        (Ok(()), Ok(arranged)) => {
            let n = arranged.molecule.atoms.len();
            let mut order = arranged.atom_order;
            order.sort_unstable();
            assert!(order.iter().enumerate().all(|(i, &place)| i == place as usize));
            assert_eq!(order.len(), n);
            let object = arranged.molecule.into();
            assert_eq!(encode(&object).as_ref(), Ok(&ids));
            assert_eq!(decode(&ids).as_ref(), Ok(&object));
            read_again(&ids, |ids, out| reader.ids_to_text(ids, out), text_to_ids);
        }
        (Err(error), Err(other)) => {
            assert_eq!(error, other);
            assert!(error.position <= text.len());
            assert!(ids.is_empty());
        }
        (Err(error), Ok(arranged)) => {
            // Read, but with more rings open at once than can be written.
            assert!(encode(&arranged.molecule.into()).is_err(), "{error}");
        }
        (Ok(()), Err(error)) => panic!("only read past the object: {error}"),
    }
    let mut reader = Reader::default();
    let mut ids = Vec::new();
    if reaction::smiles::text_to_ids(text, &mut reader, &mut ids).is_ok() {
        assert!(decode(&ids).is_ok_and(|object| encode(&object).as_ref() == Ok(&ids)));
        let write = |ids: &[u16], out: &mut Vec<u8>| {
            reaction::smiles::ids_to_text(ids, &mut Reader::default(), out)
        };
        read_again(&ids, write, |text, out| {
            reaction::smiles::text_to_ids(text, &mut Reader::default(), out)
        });
    }
});

fn text_to_ids(text: &[u8], out: &mut Vec<u16>) -> Result<(), logos_core::error::TextError> {
    Reader::default().text_to_ids(text, out)
}

/// What is written is read as the same.
fn read_again<E: std::fmt::Debug, F: std::fmt::Debug>(
    ids: &[u16],
    mut write: impl FnMut(&[u16], &mut Vec<u8>) -> Result<(), E>,
    read: impl Fn(&[u8], &mut Vec<u16>) -> Result<(), F>,
) {
    let mut text = Vec::new();
    write(ids, &mut text).expect("what was read can be written");
    let mut again = Vec::new();
    read(&text, &mut again).expect("what was written can be read");
    assert_eq!(ids, again, "{}", String::from_utf8_lossy(&text));
}
