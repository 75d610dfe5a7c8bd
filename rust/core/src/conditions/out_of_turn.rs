//! `out_of_turn(RULE, ATOM, …)`: the word that RULE says is not the one whose turn it is.
//!
//! A list of words is in force, and a residue that has a token. Each instance of an ATOM takes the
//! turn of a word of the list of that residue; which lists there are is in `spec/residues.toml`.

use super::arguments::Stated;
use super::condition::{ClauseId, Code, Condition, Patch, Restrict, Seen, is_in, listed};
use super::stated::{Clauses, Statement};
use crate::automaton::Position;
use crate::automaton::bits::Bits;
use crate::automaton::mask::Words;
use crate::automaton::registers::Registers;
use crate::grammar::Tokens;
use crate::residues::{ATOM_WORDS, NAMING, RESIDUES, Residue};
use crate::vocabulary::{block, token};
use crate::wire::any_of;

pub(super) const STATEMENT: Statement =
    Statement { arguments: 2..=usize::MAX, declared: None, state };

/// What begins a strand, and one of RNA.
const STRANDS: (u16, u16) = (token("<ProteinStrand>"), token("<HeteroStrand>"));
const RNA: u16 = token("<RnaStrand>");
const OTHER_SUGAR: u16 = token("<OtherSugar>");
/// The residues that have a token.
const LETTERED: [(u16, u16); 3] =
    [any_of(block("amino_acid")), any_of(block("nucleotide")), (token("Hoh"), token("Hoh"))];

#[derive(Clone, Debug)]
struct OutOfTurn {
    holder: usize,
    clause: ClauseId,
    rule: usize,
    atoms: Vec<usize>,
    /// The registers: the list, whether the strand is of RNA, whether the next nucleotide is of the
    /// other sugar, the place of the residue, whose turn it is.
    naming: usize,
    is_ribo: usize,
    is_other: usize,
    residue: usize,
    turn: usize,
}

// Actions.
const NAME: u8 = 0;
const STRAND: u8 = 1;
const SUGAR: u8 = 2;
const RESIDUE: u8 = 3;
const ATOM: u8 = 4;
const WORD: u8 = 5;

/// The guard: it is not the turn of the word.
const NOT_IN_TURN: u8 = 0;

fn state(stated: &Stated, clauses: &mut Clauses) -> Result<(), String> {
    let condition = OutOfTurn {
        holder: stated.holder,
        clause: stated.id,
        rule: stated.rule(0)?,
        atoms: (1..stated.clause.arguments.len())
            .map(|i| stated.rule(i))
            .collect::<Result<_, _>>()?,
        naming: clauses.registers.word(),
        is_ribo: clauses.registers.word(),
        is_other: clauses.registers.word(),
        residue: clauses.registers.word(),
        turn: clauses.registers.word(),
    };
    clauses.others.push(Box::new(condition));
    Ok(())
}

impl OutOfTurn {
    fn present(&self, registers: &Registers) -> (&'static Residue, u8, u8) {
        let residue = &RESIDUES.all[registers.get(self.residue) as usize];
        (residue, registers.get(self.naming) as u8, registers.get(self.turn) as u8)
    }

    /// The token that may not be read.
    fn refused(&self, registers: &Registers) -> u16 {
        let (residue, naming, turn) = self.present(registers);
        ATOM_WORDS.base + residue.word(naming, turn)
    }
}

impl Condition for OutOfTurn {
    fn holder(&self) -> usize {
        self.holder
    }

    fn clause(&self) -> ClauseId {
        self.clause
    }

    fn rules(&self) -> Vec<usize> {
        self.atoms.iter().copied().chain([self.rule]).collect()
    }

    fn covers(&self) -> Vec<usize> {
        Vec::new()
    }

    fn tokens(&self) -> Tokens {
        let mut tokens = LETTERED.to_vec();
        tokens.extend([STRANDS, (OTHER_SUGAR, OTHER_SUGAR), any_of(NAMING), any_of(ATOM_WORDS)]);
        tokens.sort_unstable();
        tokens
    }

    fn enter(&self, rule: usize, _: Option<&Position>, code: &mut Code) {
        if self.atoms.contains(&rule) {
            code.actions.push(ATOM);
        }
    }

    fn read(&self, seen: &Seen, code: &mut Code) {
        if !seen.within(self.holder) {
            return;
        }
        let is_of = |ranges: &[(u16, u16)]| {
            let is_one = |part: &(u16, u16)| ranges.iter().any(|all| is_in(&vec![*part], *all));
            !seen.position.tokens.is_empty() && seen.position.tokens.iter().all(is_one)
        };
        if is_of(&[any_of(NAMING)]) {
            code.actions.push(NAME);
        } else if is_of(&[STRANDS]) {
            code.actions.push(STRAND);
        } else if seen.is(OTHER_SUGAR) {
            code.actions.push(SUGAR);
        } else if is_of(&LETTERED) {
            code.actions.push(RESIDUE);
        } else if seen.within(self.rule) {
            code.guards.push(NOT_IN_TURN);
            code.actions.push(WORD);
        }
    }

    fn act(&self, action: u8, id: u16, registers: &mut Registers) {
        match action {
            NAME => registers.set(self.naming, u32::from(id - NAMING.base)),
            STRAND => {
                registers.set(self.is_ribo, u32::from(id == RNA));
                registers.set(self.is_other, 0);
            }
            SUGAR => registers.set(self.is_other, 1),
            RESIDUE => {
                let is_ribo = registers.get(self.is_ribo) != registers.get(self.is_other);
                registers.set(self.is_other, 0);
                let found = RESIDUES.of_token(is_ribo, id);
                registers.set(self.residue, u32::from(found.unwrap_or_default()));
                registers.set(self.turn, 0);
            }
            ATOM => {
                let (residue, naming, turn) = self.present(registers);
                registers.set(self.turn, u32::from(residue.next(naming, turn)));
            }
            _ => {
                let (residue, naming, turn) = self.present(registers);
                let turn = residue.before(naming, turn);
                let after = residue.after(naming, turn, id - ATOM_WORDS.base);
                registers.set(self.turn, u32::from(after));
            }
        }
    }

    fn refusal(&self, _: u8, id: u16, registers: &Registers) -> Option<ClauseId> {
        (self.refused(registers) == id).then_some(self.clause)
    }

    fn lower(&self, guards: Vec<(u8, Bits)>) -> Box<dyn Patch> {
        listed(self, guards)
    }

    fn adds(&self) -> bool {
        false
    }
}

impl Restrict for OutOfTurn {
    fn restrict(&self, _: u8, bits: &Bits, registers: &Registers, mask: &mut Words) {
        let id = self.refused(registers);
        if bits.has(id) {
            mask.clear_id(id);
        }
    }
}
