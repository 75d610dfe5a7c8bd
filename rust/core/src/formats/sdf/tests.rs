//! Records in, columns out; what each error points at.

use super::*;
use crate::formats::line;

const WATER: &str = "water
  -TEST-            3D
a comment
  3  2  0  0  0  0            999 V2000
   -0.5000    0.8000    0.0010 H   0  0  0  0  0  0  0  0  0  7
    0.0000   -0.0000    1.2500 O   0  5
    1.0500    0.0000    0.0000 D   1  4
  1  2  1  1
  3  2  2  3
M  END
";

const V3000: &str = "\
acetate

\u{20}
  0  0  0     0  0            999 V3000
M  V30 BEGIN CTAB
M  V30 COUNTS 3 2 0 0 0
M  V30 BEGIN ATOM
M  V30 7 C 1.5 -2 0.000000 0
M  V30 9 \"O x\" .125 +3. 10 12 CHG=-1 RAD=2 MA-
M  V30 SS=18
M  V30 10 [C,N] 0 0 0 0
M  V30 END ATOM
M  V30 BEGIN BOND
M  V30 1 1 7 9 CFG=3
M  V30 2 2 10 7 CFG=2
M  V30 END BOND
M  V30 END CTAB
M  END
";

fn one(text: &str) -> Record {
    let mut records = read(text.as_bytes());
    let record = records.next().unwrap().unwrap();
    assert!(records.next().is_none());
    record
}

fn words(words: &Words) -> Vec<String> {
    words.iter().map(|word| String::from_utf8_lossy(word).into_owned()).collect()
}

/// The line, the column and the reason.
fn refused(text: &str) -> (usize, usize, String) {
    let error = read(text.as_bytes()).find_map(Result::err).unwrap();
    (error.line, error.column, error.reason.into_owned())
}

#[test]
fn columns_of_v2000() {
    let Record { atoms, bonds, title, is_flat, .. } = one(WATER);
    assert_eq!((title.as_slice(), is_flat), (&b"water"[..], false));
    assert_eq!(words(&atoms.element), ["H", "O", "D"]);
    let of = |scaled: [i64; 3]| Fixed { decimals: 3, scaled: scaled.to_vec() };
    assert_eq!((atoms.x, atoms.y), (of([-500, 0, 1050]), of([800, 0, 0])));
    assert_eq!(atoms.z, of([1, 1250, 0]));
    assert_eq!((atoms.charge, atoms.radical), (vec![0, -1, 0], vec![0, 0, 2]));
    assert_eq!((atoms.mass_difference, atoms.map_number), (vec![0, 0, 1], vec![7, 0, 0]));
    assert_eq!((bonds.begin, bonds.end), (vec![0, 2], vec![1, 1]));
    assert_eq!((bonds.kind, bonds.wedge), (vec![1, 2], vec![1, 3]));
}

#[test]
fn lines_of_properties_supersede_those_of_atoms() {
    let lines = "A    1\nM  APO  1   2   3\nM  RAD  1   1   3\nM  ISO  2   1   2   3   3\nM  END";
    let atoms = one(&WATER.replace("M  END", lines)).atoms;
    assert_eq!((atoms.charge, atoms.radical), (vec![0, 0, 0], vec![3, 0, 0]));
    assert_eq!((atoms.isotope, atoms.mass_difference), (vec![2, 0, 3], vec![0; 3]));
    let atoms = one(&WATER.replace("M  END", "M  CHG  1   2   3\nM  END")).atoms;
    assert_eq!(atoms.charge, [0, 3, 0]);
}

#[test]
fn columns_of_v3000() {
    let Record { atoms, bonds, .. } = one(V3000);
    assert_eq!(words(&atoms.element), ["C", "\"O x\"", "[C,N]"]);
    assert_eq!(atoms.x, Fixed { decimals: 3, scaled: vec![1500, 125, 0] });
    assert_eq!(atoms.y.scaled, [-2000, 3000, 0]);
    assert_eq!((atoms.charge, atoms.radical), (vec![0, -1, 0], vec![0, 2, 0]));
    assert_eq!((atoms.isotope, atoms.map_number), (vec![0, 18, 0], vec![0, 12, 0]));
    assert_eq!((bonds.begin, bonds.end), (vec![0, 2], vec![1, 0]));
    assert_eq!((bonds.kind, bonds.wedge), (vec![1, 2], vec![6, 3]));
}

#[test]
fn a_layout_is_flat_and_its_block_says_its_dimension() {
    let flat = WATER.replace("0.0010", "0.0000").replace("1.2500", "0.0000");
    let found = [&flat, &flat.replace("3D", "  "), &WATER.replace("3D", "2D")].map(|text| {
        let record = one(text);
        let block = String::from_utf8(record.block).unwrap();
        (record.is_flat, block.lines().nth(1).unwrap()[20..].to_owned())
    });
    let of = |is_flat, text: &str| (is_flat, text.to_owned());
    assert_eq!(found, [of(false, "2D"), of(true, "2D"), of(false, "3D")]);
}

#[test]
fn records_are_cut_and_their_items_read() {
    let text = format!(
        "\u{feff}{WATER}>  <a> (1)\n1\n\n2\n \n> 25 x \n> <y>\n\n$$$$ rest\n{WATER}$$$$\n \n\n"
    );
    for text in [text.clone(), text.replace('\n', "\r\n")] {
        let records: Vec<Record> = read(text.as_bytes()).map(Result::unwrap).collect();
        assert_eq!(records.iter().map(|record| record.line).collect::<Vec<_>>(), [1, 20]);
        assert_eq!(words(&records[0].items.name), ["a", "25 x"]);
        assert_eq!(words(&records[0].items.value), ["1\n\n2", "> <y>"]);
        assert_eq!(records[0].block, records[1].block);
    }
    assert!(read(b"\n \n").next().is_none());
}

const SINGLET_V3000: &str =
    "expected 2 (doublet) or 3 (triplet) as a radical, as no singlet is held, found 'RAD=1'";
const SINGLET: &str =
    "expected 2 (doublet) or 3 (triplet) as a radical, as no singlet is held, found '1'";

#[test]
fn a_carriage_return_within_a_value_is_of_the_value() {
    let record = one(&format!("{WATER}> <a>\nb\rc\n"));
    assert_eq!(words(&record.items.value), ["b\rc"]);
}

#[test]
fn errors_are_at_their_line_and_column() {
    for (was, now, line, column, reason) in [
        ("M  END", "", 10, 1, "expected M  END"),
        ("V2000", "V4000", 4, 35, "expected V2000 or V3000 in columns 34 to 39, found 'V4000'"),
        ("  3  2", "  x  2", 4, 3, "expected the number of atoms in columns 1 to 3, found 'x'"),
        ("  3  2", "  3   ", 4, 4, "expected the number of bonds in columns 4 to 6, found ''"),
        ("  3  2", " 30  2", 10, 1, "expected 30 lines of atoms before M  END"),
        ("  3  2", "  3 20", 10, 1, "expected 20 lines of bonds before M  END"),
        ("1.2500 O ", "1.2500 CO", 6, 32, "expected an element such as Cl, found CO"),
        ("  1.2500", "1.25e+00", 6, 23, "expected a coordinate such as -1.2345, found '1.25e+00'"),
        ("  3  2  2", "  3  4  2", 9, 6, "expected the number of an atom from 1 to 3, found '4'"),
        ("O   0  5", "O   0  9", 6, 39, "expected a code of charge from 0 to 7, found '9'"),
        (
            "M  END",
            "M  CHG  1   9   1\nM  END",
            10,
            13,
            "expected the number of an atom from 1 to 3, found '9'",
        ),
        ("M  END\n", "M  END\nx\n", 11, 1, "expected a data item, such as > <NAME>"),
        ("M  END", "M  RAD  1   2   1\nM  END", 10, 17, SINGLET),
        ("M  END", "M  APO  1   2   1\nM  END", 10, 1, source::ATTACHMENT),
        ("M  END", "M  LIN  1   2   1\nM  END", 10, 1, source::LINK_NODE),
        ("1.2500 O ", "1.2500 R#", 6, 32, "expected an element such as Cl, found R#, an R group"),
        ("1.2500 O ", "1.2500 R7", 6, 32, "expected an element such as Cl, found R7, an R group"),
        ("1.2500 O ", "1.2500 R ", 6, 32, "expected an element such as Cl, found R, an R group"),
        ("water", "wa\rter", 1, 3, line::CR_ALONE),
        ("a comment", "a comment\r\r", 3, 10, line::CR_ALONE),
        ("M  END\n", "M  END\n> <a>\r\r\n", 11, 6, line::CR_ALONE),
    ] {
        assert!(WATER.contains(was), "{was}");
        let found = refused(&WATER.replacen(was, now, 1));
        assert_eq!(found, (line, column, reason.to_owned()), "{was} {now}");
        let second = refused(&format!("{WATER}$$$$\n{}", WATER.replacen(was, now, 1)));
        assert_eq!(second.0, line + 11, "{was} {now}");
    }
    for (was, now, line, column, reason) in [
        ("RAD=2", "RAD=1", 9, 38, SINGLET_V3000),
        ("CHG=-1", "ATTCHPT=1", 9, 31, source::ATTACHMENT),
        ("CHG=-1", "RGROUPS=(1 1)", 9, 31, "expected no R groups, which a conformer does not hold"),
        (
            "7 9 CFG=3",
            "7 9 ENDPTS=(2 7 9) ATTACH=ALL",
            14,
            16,
            "expected a bond of two atoms, found one that ends at several",
        ),
        (
            "M  V30 BEGIN ATOM",
            "M  V30 LINKNODE 1 2 2 1 2 1 3\nM  V30 BEGIN ATOM",
            7,
            8,
            source::LINK_NODE,
        ),
        ("SS=18", "SS=x", 9, 44, "expected a mass number, found 'MASS=x'"),
        ("[C,N] 0 0", "[C,N]", 11, 20, "expected an index, an element and three coordinates"),
        ("7 9 CFG", "7 8 CFG", 14, 14, "expected the index of one atom, found '8'"),
        ("10 [C,N]", "7 [C,N]", 14, 12, "expected the index of one atom, found '7'"),
        ("COUNTS 3", "COUNTS 4", 6, 1, "expected 4 atoms and 2 bonds, found 3 atoms and 2 bonds"),
    ] {
        assert!(V3000.contains(was), "{was}");
        let found = refused(&V3000.replacen(was, now, 1));
        assert_eq!(found, (line, column, reason.to_owned()), "{was} {now}");
    }
}

#[test]
fn torn_and_spliced_records_are_read_or_refused() {
    for text in [WATER, V3000] {
        for begin in 0..text.len() {
            for end in [begin, (begin + 7).min(text.len()), text.len()] {
                let torn = [&text.as_bytes()[..begin], &text.as_bytes()[end..]].concat();
                for error in read(&torn).filter_map(Result::err) {
                    assert!(error.position <= torn.len() && error.line > 0 && error.column > 0);
                }
            }
        }
    }
}
