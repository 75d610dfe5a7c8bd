//! Step: a point relative to another one, its floors one token where they are small.

use super::decimals::{build_decimals, floors_of, triple_of, write_decimals};
use super::{Point, point_of};
use crate::number::{build_whole, write_whole};
use crate::vocabulary::{Block, block, token};
use crate::wire::{Builder, First, Writer};

/// The tokens of one sort of steps.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The first of its cells.
    cell: u16,
    /// What begins one whose floors are said one by one.
    far: u16,
    /// What can begin it.
    pub first: First,
}

const CELL: &Block = block("cell");
const HYDROGEN_CELL: &Block = block("hydrogen_cell");
const FAR: u16 = token("<Far>");
const FAR_H: u16 = token("<FarH>");

/// To an atom.
pub const STEP: Step =
    Step { cell: CELL.base, far: FAR, first: First(&[(CELL.base, CELL.last()), (FAR, FAR)]) };

/// To a hydrogen from its atom.
pub const HYDROGEN_STEP: Step = Step {
    cell: HYDROGEN_CELL.base,
    far: FAR_H,
    first: First(&[(HYDROGEN_CELL.base, HYDROGEN_CELL.last()), (FAR_H, FAR_H)]),
};

/// The least floor of a cell, and how many there are.
const LEAST: i64 = -2;
const FLOORS: i64 = 4;

impl Step {
    /// ```ebnf
    /// step     = ( cell | "<Far>" leap ) fraction* ;
    ///     where: together(step, grid)
    /// leap     = wide whole whole | narrow ( wide whole | narrow wide ) ;
    /// narrow   = "-2.".."1." ;
    /// wide     = "-999.".."-3." | "2.".."999." | ( "+x2" | "-x2" ) lead group | ( "+x3" | "-x3" ) lead group group ;
    /// ```
    #[inline]
    pub fn write(self, step: Point, decimals: u8, out: &mut Writer) {
        let (floors, rests) = floors_of(step, decimals);
        match cell_of(floors) {
            Some(cell) if decimals == 3 => {
                let [x, y, z] = triple_of(rests);
                return out.tokens(&[self.cell + cell, x, y, z]);
            }
            Some(cell) => out.token(self.cell + cell),
            None => {
                out.token(self.far);
                for floor in floors {
                    write_whole(floor, out);
                }
            }
        }
        write_decimals(rests, decimals, out);
    }

    /// The step that a sentence says.
    #[inline]
    pub fn build(self, from: &mut Builder, decimals: u8) -> Point {
        let floors = if from.take_if(self.far) {
            [(); 3].map(|()| build_whole(from))
        } else {
            let cell = i64::from(from.take().wrapping_sub(self.cell));
            [cell / (FLOORS * FLOORS), cell / FLOORS % FLOORS, cell % FLOORS].map(|at| at + LEAST)
        };
        point_of(floors, build_decimals(from, decimals), decimals)
    }
}

/// The place of a cell in its block, x slowest.
#[inline]
fn cell_of(floors: Point) -> Option<u16> {
    let [x, y, z] = floors.map(|floor| floor.wrapping_sub(LEAST));
    let are_near = [x, y, z].iter().all(|at| (0..FLOORS).contains(at));
    are_near.then(|| ((x * FLOORS + y) * FLOORS + z) as u16)
}

const _: () = assert!(CELL.assigned() == 64 && HYDROGEN_CELL.assigned() == 64);
