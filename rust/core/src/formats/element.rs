//! Element: its symbol from the column of a file, or from the name of an atom.

use super::strands::letter_kind;
use crate::residues::RESIDUES;
use crate::vocabulary;

/// The symbols of the elements by atomic number; `X` is an unknown one, `D` deuterium.
const SYMBOLS: [&str; 120] = [
    "X", "H", "He", "Li", "Be", "B", "C", "N", "O", "F", "Ne", "Na", "Mg", "Al", "Si", "P", "S",
    "Cl", "Ar", "K", "Ca", "Sc", "Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge",
    "As", "Se", "Br", "Kr", "Rb", "Sr", "Y", "Zr", "Nb", "Mo", "Tc", "Ru", "Rh", "Pd", "Ag", "Cd",
    "In", "Sn", "Sb", "Te", "I", "Xe", "Cs", "Ba", "La", "Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Gd",
    "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Hf", "Ta", "W", "Re", "Os", "Ir", "Pt", "Au", "Hg",
    "Tl", "Pb", "Bi", "Po", "At", "Rn", "Fr", "Ra", "Ac", "Th", "Pa", "U", "Np", "Pu", "Am", "Cm",
    "Bk", "Cf", "Es", "Fm", "Md", "No", "Lr", "Rf", "Db", "Sg", "Bh", "Hs", "Mt", "Ds", "Rg", "Cn",
    "Nh", "Fl", "Mc", "Lv", "Ts", "Og", "D",
];

/// The symbol of an unknown element.
pub(super) const UNKNOWN: &[u8] = b"X";

/// The place in `SYMBOLS` of a first letter and a second one or none, 255 for no element.
const PLACES: [u8; 26 * 27] = {
    let mut places = [255; 26 * 27];
    let mut place = 0;
    while place < SYMBOLS.len() {
        let symbol = SYMBOLS[place].as_bytes();
        let second = if symbol.len() == 2 { symbol[1] - b'a' + 1 } else { 0 };
        places[(symbol[0] - b'A') as usize * 27 + second as usize] = place as u8;
        place += 1;
    }
    places
};

/// The symbol that one or two letters of any case are.
pub(super) fn of_symbol(text: &[u8]) -> Option<&'static [u8]> {
    let letter =
        |b: u8| b.is_ascii_alphabetic().then(|| usize::from(b.to_ascii_uppercase() - b'A'));
    let place = match text {
        [first] => letter(*first)? * 27,
        [first, second] => letter(*first)? * 27 + letter(*second)? + 1,
        _ => return None,
    };
    SYMBOLS.get(usize::from(PLACES[place])).map(|symbol| symbol.as_bytes())
}

/// The symbol of an atom of a component for which a file gives no element, from the four columns of
/// its name: that of the atom so named, in a residue that has a token, else as [`of_name`] finds it.
pub(super) fn of_atom(component: &[u8], name: [u8; 4]) -> Option<&'static [u8]> {
    let of_residue = RESIDUES.element_of(component, name.trim_ascii());
    let symbol = of_residue.and_then(vocabulary::name);
    symbol
        .and_then(|symbol| of_symbol(symbol.as_bytes()))
        .or_else(|| of_name(name, letter_kind(component).is_some()))
}

/// The symbol of an atom for which a file gives no element, from the four columns of its name.
///
/// In a residue that has a letter the first letter of the name is the element, if it is one that
/// these have. Else the alignment decides: columns 13 and 14 are the element, right-justified, except
/// that a name of four characters may begin with the H of a hydrogen; digits before it are skipped.
fn of_name(name: [u8; 4], has_letter: bool) -> Option<&'static [u8]> {
    let trimmed = name.trim_ascii();
    let letters = &trimmed[trimmed.iter().position(|b| !b.is_ascii_digit())?..];
    let one = of_symbol(&letters[..1]);
    if has_letter && matches!(one, Some(b"C" | b"N" | b"O" | b"S" | b"P" | b"H" | b"D")) {
        return one;
    }
    let is_shifted = matches!(name[0], b' ' | b'0'..=b'9');
    let is_hydrogen = trimmed.len() == 4 && matches!(letters[0], b'H' | b'D');
    if is_shifted || is_hydrogen {
        return one;
    }
    let two = letters.get(..2).filter(|two| two[1].is_ascii_alphabetic());
    two.and_then(of_symbol).or(one)
}

/// Whether an element is a metal, so that a link to it is a coordination.
pub(super) fn is_metal(symbol: &[u8]) -> bool {
    const OTHERS: [&str; 25] = [
        "X", "H", "D", "He", "B", "C", "N", "O", "F", "Ne", "Si", "P", "S", "Cl", "Ar", "Ge", "As",
        "Se", "Br", "Kr", "Sb", "Te", "I", "Xe", "At",
    ];
    !OTHERS.iter().any(|other| other.as_bytes() == symbol)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(symbol: Option<&'static [u8]>) -> &'static str {
        symbol.map_or("-", |symbol| std::str::from_utf8(symbol).unwrap())
    }

    #[test]
    fn every_symbol_is_read_in_any_case() {
        for symbol in SYMBOLS {
            for written in [symbol.to_uppercase(), symbol.to_lowercase(), symbol.to_owned()] {
                assert_eq!(text(of_symbol(written.as_bytes())), symbol);
            }
        }
        for other in ["", "Q", "Xx", "C1", "1", "Fee", "C "] {
            assert_eq!(text(of_symbol(other.as_bytes())), "-", "{other}");
        }
    }

    #[test]
    fn a_name_gives_the_element_by_its_alignment() {
        let of = |name: &[u8; 4], has_letter| text(of_name(*name, has_letter));
        assert_eq!(of(b" CA ", false), "C");
        assert_eq!(of(b"CA  ", false), "Ca");
        assert_eq!(of(b"CA  ", true), "C");
        assert_eq!(of(b"HG  ", false), "Hg");
        assert_eq!(of(b"HG  ", true), "H");
        assert_eq!(of(b"1HB ", true), "H");
        assert_eq!(of(b"1HB ", false), "H");
        assert_eq!(of(b"HG11", false), "H");
        assert_eq!(of(b" BB ", false), "B");
        assert_eq!(of(b"SC1 ", false), "Sc");
        assert_eq!(of(b"C1  ", false), "C");
        assert_eq!(of(b"CL12", false), "Cl");
        assert_eq!(of(b" BB ", true), "B");
        assert_eq!(of(b"    ", false), "-");
        assert_eq!(of(b" 12 ", false), "-");
        assert_eq!(of(b" *1 ", false), "-");
    }
}
