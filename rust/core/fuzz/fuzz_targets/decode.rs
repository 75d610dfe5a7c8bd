//! Any ids: what decodes is the encoding of its object, and what does not names what could stand
//! where it fails.

#![no_main]

use libfuzzer_sys::fuzz_target;
use logos_core::object::{decode, encode, next_ids};

fuzz_target!(|bytes: &[u8]| {
    let ids: Vec<u16> = bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect();
    match decode(&ids) {
        Ok(object) => {
            assert_eq!(encode(&object).as_ref(), Ok(&ids));
            assert_eq!(next_ids(&ids), Ok(vec![]));
            for (i, id) in ids.iter().enumerate() {
                assert!(next_ids(&ids[..i]).is_ok_and(|next| next.contains(id)), "at {i}");
            }
        }
        Err(error) => {
            let at = error.position;
            assert!(at <= ids.len());
            assert_eq!(error.found, ids.get(at).copied());
            assert!(error.found.is_none_or(|found| !error.expected.contains(&found)));
            assert!(error.expected.is_sorted_by(|a, b| a < b));
            // A prefix that is not refused can go on, unless it is complete.
            assert_eq!(next_ids(&ids[..at]).as_ref(), Ok(&error.expected));
            let complete = decode(&ids[..at]).is_ok();
            assert_eq!(error.expected.is_empty(), complete);
            // And what is expected is not refused.
            for &id in sample(&error.expected) {
                let mut longer = ids[..at].to_vec();
                longer.push(id);
                assert!(decode(&longer).is_ok() || next_ids(&longer).is_ok(), "{id} at {at}");
            }
        }
    }
});

/// The first and the last of what is expected.
fn sample(expected: &[u16]) -> impl Iterator<Item = &u16> {
    expected.first().into_iter().chain(expected.last())
}
