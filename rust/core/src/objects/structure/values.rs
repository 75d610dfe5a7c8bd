//! Values: the numbers of an atom beside its point: its occupancy, B factor and displacement.

use super::Factors;
use super::build::Building;
use super::write::Writing;
use crate::number::{Fixed, WHOLE_FIRST, build_number, write_number};
use crate::vocabulary::token;
use crate::wire::{Builder, Writer};

const OCCUPANCY: u16 = token("<Occupancy>");
const ANISOTROPIC: u16 = token("<Anisotropic>");

impl Writing<'_> {
    /// ```ebnf
    /// occupancy = "<Occupancy>" occupied ;
    /// occupied  = "-999.".."999." fraction* ;
    ///     where: places(occupied, occupancy_decimals)
    ///     where: other_than(occupied, occupancy_decimals, "1.")
    /// ```
    #[inline]
    pub(super) fn occupancy(&self, row: usize, out: &mut Writer) {
        let Some(column) = &self.structure.atoms.occupancy else { return };
        let (scaled, one) = (column.scaled[row], self.one);
        if scaled == one {
            return;
        }
        if !(-999..=999).contains(&scaled.div_euclid(one)) {
            let reason = "the whole part of an occupancy has at most three digits";
            return out.refuse_cell("atoms.occupancy", row, reason);
        }
        out.token(OCCUPANCY);
        write_number(scaled, column.decimals, out);
    }

    /// ```ebnf
    /// residue_b_factor = b_factor ;
    /// atom_b_factor    = b_factor ;
    /// b_factor         = whole fraction* ;
    ///     where: places(b_factor, b_factor_decimals)
    /// ```
    #[inline]
    pub(super) fn b_factor(&self, row: usize, first: usize, out: &mut Writer) {
        let atoms = &self.structure.atoms;
        let Some(column) = &atoms.b_factor else { return };
        let value = |row: usize| {
            let state = atoms.b_factor_state.as_ref().map_or(0, |states| states[row]);
            (column.scaled[row], state)
        };
        let (scaled, state) = value(row);
        let as_said = match self.header.layout.factors {
            Factors::Structure => (self.header.layout.b_factor, 0),
            Factors::Residue => value(first),
            Factors::Atom => (scaled, state),
        };
        if state > 1 || (state == 1 && scaled != 0) {
            out.refuse_cell(
                "atoms.b_factor",
                row,
                "a B factor that is unknown has state 1 and is 0",
            );
        } else if as_said != (scaled, state) {
            let reason = "a layout says of what the B factors are: here they differ within it";
            out.refuse_cell("atoms.b_factor", row, reason);
        } else if state == 0
            && match self.header.layout.factors {
                Factors::Structure => false,
                Factors::Residue => row == first,
                Factors::Atom => true,
            }
        {
            write_number(scaled, column.decimals, out);
        }
    }

    /// ```ebnf
    /// anisotropic  = "<Anisotropic>" displacement displacement displacement displacement displacement displacement ;
    /// displacement = whole fraction* ;
    ///     where: places(displacement, displacement_decimals)
    /// ```
    #[inline]
    pub(super) fn anisotropic(&self, row: usize, out: &mut Writer) {
        let atoms = &self.structure.atoms;
        let columns = [&atoms.u11, &atoms.u22, &atoms.u33, &atoms.u12, &atoms.u13, &atoms.u23];
        let columns = columns.map(Option::as_ref);
        if columns[0].is_none() {
            return;
        }
        let state = atoms.anisotropic_state.as_ref().map_or(0, |states| states[row]);
        let values =
            columns.into_iter().flatten().map(|column| (column.scaled[row], column.decimals));
        match state {
            0 => {
                out.token(ANISOTROPIC);
                values.for_each(|(scaled, decimals)| write_number(scaled, decimals, out));
            }
            2 => {
                if values.into_iter().any(|(scaled, _)| scaled != 0) {
                    out.refuse_cell("atoms.u11", row, "an atom without a displacement has 0 there");
                }
            }
            _ => {
                let reason = "an anisotropic displacement is stated, or does not apply";
                out.refuse_cell("atoms.anisotropic_state", row, reason);
            }
        }
    }
}

impl Building {
    #[inline]
    pub(super) fn occupancy(&mut self, from: &mut Builder) {
        let Some(column) = &mut self.atoms.occupancy else { return };
        let is_said = from.take_if(OCCUPANCY);
        let one = self.one;
        column.scaled.push(if is_said { build_number(from, column.decimals) } else { one });
    }

    #[inline]
    pub(super) fn b_factor(&mut self, from: &mut Builder, row: usize, first: usize) {
        let atoms = &mut self.atoms;
        let (Some(column), Some(states)) = (&mut atoms.b_factor, &mut atoms.b_factor_state) else {
            return;
        };
        let (scaled, state) = match self.header.layout.factors {
            Factors::Structure => (self.header.layout.b_factor, 0),
            Factors::Residue if row > first => (column.scaled[first], states[first]),
            _ if from.at(WHOLE_FIRST) => (build_number(from, column.decimals), 0),
            _ => (0, 1),
        };
        column.scaled.push(scaled);
        states.push(state);
    }

    #[inline]
    pub(super) fn anisotropic(&mut self, from: &mut Builder) {
        let Some(states) = &mut self.atoms.anisotropic_state else { return };
        let is_said = from.take_if(ANISOTROPIC);
        states.push(if is_said { 0 } else { 2 });
        let atoms = &mut self.atoms;
        let columns: [&mut Option<Fixed>; 6] = [
            &mut atoms.u11,
            &mut atoms.u22,
            &mut atoms.u33,
            &mut atoms.u12,
            &mut atoms.u13,
            &mut atoms.u23,
        ];
        for column in columns.into_iter().flatten() {
            column.scaled.push(if is_said { build_number(from, column.decimals) } else { 0 });
        }
    }
}
