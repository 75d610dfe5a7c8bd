//! Any bytes as PDB and as mmCIF: what is read comes back from its bytes and from the file that is
//! written of it, and what is refused says where in the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use logos_core::columns::Columns;
use logos_core::formats::{Blanks, FormatError, mmcif, pdb};
use logos_core::objects::structure::Structure;

fuzz_target!(|text: &[u8]| {
    let write =
        |structure: &Structure| pdb::write(structure, pdb::WriteOptions { hybrid_36: true });
    let read = |text: &[u8]| pdb::read(text, BLANKS).map(|read| read.structure);
    come_back(text, read, write, without_assemblies);
    let read = |text: &[u8]| mmcif::read(text, None, BLANKS).map(|read| read.structure);
    come_back(text, read, mmcif::write, Clone::clone);
});

const BLANKS: Blanks = Blanks { occupancy_is_one: true };

fn come_back(
    text: &[u8],
    read: impl Fn(&[u8]) -> Result<Structure, FormatError>,
    write: impl Fn(&Structure) -> Result<Vec<u8>, FormatError>,
    kept: impl Fn(&Structure) -> Structure,
) {
    match read(text) {
        Ok(structure) => {
            assert_eq!(Structure::from_bytes(&structure.to_bytes()).as_ref(), Some(&structure));
            if let Ok(written) = write(&structure) {
                assert_eq!(read(&written).as_ref().map(&kept), Ok(kept(&structure)));
            }
        }
        Err(error) => assert!(error.position <= text.len() && error.line > 0),
    }
}

/// PDB leaves out assemblies that it cannot say.
fn without_assemblies(structure: &Structure) -> Structure {
    Structure { operators: None, assemblies: None, ..structure.clone() }
}
