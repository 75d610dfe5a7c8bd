//! Cells: cubes whose edge is the cutoff, so that what is near a point is in the 27 around it.
//!
//! Cells that hold no point do not exist: points are sorted by their cell, and three cells one after
//! another along z are one run of points. So points may be as far from each other as they like.

use std::ops::Range;

use super::Units;
use super::squares::edge_of;
use crate::space::Point;

/// Of x and y where the nine runs around a cell are.
const AROUND: [[i64; 2]; 9] =
    [[-1, -1], [-1, 0], [-1, 1], [0, -1], [0, 0], [0, 1], [1, -1], [1, 0], [1, 1]];

/// Points in the order of their cells, and of each cell the runs around it.
pub(super) struct Cells {
    points: Vec<Point>,
    units: Vec<u32>,
    /// Of each point in the order of units its row here.
    rows: Vec<u32>,
    /// Of each point its cell.
    cell: Vec<u32>,
    /// Where the runs of each cell begin, and where those of the last one end.
    begins: Vec<usize>,
    runs: Vec<Range<u32>>,
}

/// A point, its unit and the runs of points around it.
pub(super) struct Found<R> {
    pub unit: u32,
    pub point: Point,
    pub runs: R,
}

/// Points that follow each other.
pub(super) struct Run<'a> {
    pub points: &'a [Point],
    pub units: &'a [u32],
}

impl Cells {
    /// Put points into cells. Runs all of whose points are of the member of the cell itself are left
    /// out unless pairs within members are wanted.
    pub fn of(units: Units, limit: u128, within: bool) -> Self {
        let edge = edge_of(limit);
        let mut keyed: Vec<(Point, u32)> = units
            .points
            .iter()
            .zip(0..)
            .map(|(point, row)| (point.map(|x| x.div_euclid(edge)), row))
            .collect();
        keyed.sort_unstable();
        let mut rows = vec![0; keyed.len()];
        for (at, &(_, row)) in keyed.iter().enumerate() {
            rows[row as usize] = at as u32;
        }
        if !units.unit.is_sorted() {
            let mut order: Vec<u32> = (0..rows.len() as u32).collect();
            order.sort_by_key(|&row| units.unit[row as usize]);
            rows = order.into_iter().map(|row| rows[row as usize]).collect();
        }
        let mut cells = Cells {
            points: keyed.iter().map(|&(_, row)| units.points[row as usize]).collect(),
            units: keyed.iter().map(|&(_, row)| units.unit[row as usize]).collect(),
            rows,
            cell: Vec::with_capacity(keyed.len()),
            begins: Vec::new(),
            runs: Vec::new(),
        };
        cells.find_runs(&keyed, units.member, within);
        cells
    }

    /// Find the runs around each cell: as cells ascend, so do the nine places around them.
    fn find_runs(&mut self, keyed: &[(Point, u32)], member: &[u32], within: bool) {
        let mut cells = Vec::new();
        let mut at = 0;
        for same in keyed.chunk_by(|(one, _), (other, _)| one == other) {
            let begin = at;
            at += same.len();
            self.cell.resize(at, cells.len() as u32);
            let members = Members::of(&self.units[begin..at], member);
            cells.push(Cell { key: same[0].0, begin: begin as u32, end: at as u32, members });
        }
        let mut ends = [[0_usize; 2]; 9];
        for own in &cells {
            self.begins.push(self.runs.len());
            for ([x, y], [begin, end]) in AROUND.into_iter().zip(&mut ends) {
                let [x, y, z] = [own.key[0] + x, own.key[1] + y, own.key[2]];
                while cells.get(*begin).is_some_and(|cell| cell.key < [x, y, z - 1]) {
                    *begin += 1;
                }
                *end = (*end).max(*begin);
                while cells.get(*end).is_some_and(|cell| cell.key <= [x, y, z + 1]) {
                    *end += 1;
                }
                let around = &cells[*begin..*end];
                if around.iter().any(|cell| within || own.may_pair(cell)) {
                    self.runs.push(around[0].begin..around[around.len() - 1].end);
                }
            }
        }
        self.begins.push(self.runs.len());
    }

    /// The rows of all points, those of a unit one after another, units ascending.
    pub fn rows_by_unit(&self) -> impl Iterator<Item = u32> {
        self.rows.iter().copied()
    }

    /// The unit of a point.
    pub fn unit(&self, row: u32) -> u32 {
        self.units[row as usize]
    }

    /// A point, and what is around it.
    pub fn row(&self, row: u32) -> Found<impl Iterator<Item = Run<'_>>> {
        let cell = self.cell[row as usize] as usize;
        let runs = self.runs[self.begins[cell]..self.begins[cell + 1]].iter().map(|run| {
            let run = run.start as usize..run.end as usize;
            Run { points: &self.points[run.clone()], units: &self.units[run] }
        });
        Found { unit: self.unit(row), point: self.points[row as usize], runs }
    }
}

/// A cube that holds points.
struct Cell {
    key: Point,
    begin: u32,
    end: u32,
    members: Members,
}

impl Cell {
    /// Whether points of this cell and of another one may be of two members.
    fn may_pair(&self, other: &Cell) -> bool {
        self.members != other.members || self.members.lowest != self.members.highest
    }
}

/// The lowest and the highest member of some points.
#[derive(Clone, Copy, PartialEq)]
struct Members {
    lowest: u32,
    highest: u32,
}

impl Members {
    /// Those of the units of points, of which there is one.
    fn of(units: &[u32], member: &[u32]) -> Self {
        let first = member[units[0] as usize];
        let one = Members { lowest: first, highest: first };
        units.iter().map(|&unit| member[unit as usize]).fold(one, |found, member| Members {
            lowest: found.lowest.min(member),
            highest: found.highest.max(member),
        })
    }
}
