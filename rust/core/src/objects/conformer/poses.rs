//! Poses: the points of atoms and hydrogens, written as steps and built of them.

use super::parents::parents;
use super::{Carried, Conformer, Points};
use crate::number::Fixed;
use crate::objects::molecule::Molecule;
use crate::space::{
    HYDROGEN_STEP, MOST_DECIMALS, Point, STEP, add, build_place, subtract, too_far, write_place,
};
use crate::vocabulary::{block, token};
use crate::wire::{Builder, Writer};

const GRID: u16 = block("grid").base;
const POSE: u16 = token("<Pose>");

/// ```ebnf
/// pose      = "<Pose>" place hydrogen* ( step hydrogen* )* ;
/// hydrogen  = ( hydrogen_cell | "<FarH>" leap ) fraction* ;
///     where: together(hydrogen, grid)
/// ```
pub(super) fn write_poses(conformer: &Conformer, out: &mut Writer) {
    let Conformer { molecule, carried, points, .. } = conformer;
    let decimals = points.x.decimals;
    for (name, column) in [("x", &points.x), ("y", &points.y), ("z", &points.z)] {
        if column.decimals != decimals || decimals > MOST_DECIMALS {
            return out.refuse_cell(name, 0, "x, y and z have one count of decimals, 0 to 9");
        }
    }
    let atoms = molecule.atoms.len();
    if carried.hydrogens.len() != atoms {
        let row = atoms.min(carried.hydrogens.len());
        return out.refuse_cell("hydrogens", row, "hydrogens has a row for each atom");
    }
    let of_a_pose = conformer.points_of_a_pose();
    if points.is_empty() || of_a_pose == 0 || points.len() % of_a_pose != 0 {
        let condition = format!(
            "a pose has a point for each atom and each of its hydrogens, here {of_a_pose}: \
             expected one or more poses, found {} points",
            points.len()
        );
        return out.refuse_cell("x", points.len(), condition);
    }
    if let Some(order) = conformer.ranks.order.as_ref().filter(|it| it.len() != of_a_pose) {
        let condition = format!("an order has a row for each point of a pose, here {of_a_pose}");
        return out.refuse_cell("order", order.len().min(of_a_pose).saturating_sub(1), condition);
    }
    out.token(GRID + u16::from(decimals));
    let parents = parents(molecule);
    let point = |row: usize| [points.x.scaled[row], points.y.scaled[row], points.z.scaled[row]];
    let mut of_atoms: Vec<Point> = vec![[0; 3]; atoms];
    let mut row = 0;
    while row < points.len() {
        out.token(POSE);
        for atom in 0..atoms {
            let here = point(row);
            of_atoms[atom] = here;
            let step = if atom == 0 { here } else { subtract(here, of_atoms[parents[atom]]) };
            if let Some(axis) = too_far(step, decimals) {
                return refuse_far(axis, row, out);
            }
            if atom == 0 {
                write_place(here, decimals, out);
            } else {
                STEP.write(step, decimals, out);
            }
            row += 1;
            for _ in 0..carried.hydrogens[atom] {
                let step = subtract(point(row), here);
                if let Some(axis) = too_far(step, decimals) {
                    return refuse_far(axis, row, out);
                }
                HYDROGEN_STEP.write(step, decimals, out);
                row += 1;
            }
        }
    }
}

fn refuse_far(axis: usize, row: usize, out: &mut Writer) {
    let condition =
        "a coordinate, or a step between atoms, has at most nine digits before the point";
    out.refuse_cell(["x", "y", "z"][axis], row, condition);
}

/// How many hydrogens each atom carries, and the points of all poses.
pub(super) fn build_poses(from: &mut Builder, molecule: &Molecule) -> (Carried, Points) {
    let decimals = (from.take() - GRID) as u8;
    let parents = parents(molecule);
    let mut of_atoms: Vec<Point> = vec![[0; 3]; parents.len()];
    let mut hydrogens = Vec::new();
    let mut axes = [const { Vec::new() }; 3];
    let mut push = |point: Point| {
        for (axis, x) in axes.iter_mut().zip(point) {
            axis.push(x);
        }
    };
    while from.take_if(POSE) {
        for atom in 0..parents.len() {
            let here = if atom == 0 {
                build_place(from, decimals)
            } else {
                add(of_atoms[parents[atom]], STEP.build(from, decimals))
            };
            of_atoms[atom] = here;
            push(here);
            let mut count = 0;
            while from.at(HYDROGEN_STEP.first) {
                push(add(here, HYDROGEN_STEP.build(from, decimals)));
                count += 1;
            }
            // The poses are alike.
            if hydrogens.len() == atom {
                hydrogens.push(count);
            }
        }
    }
    let [x, y, z] = axes.map(|scaled| Fixed { decimals, scaled });
    (Carried { hydrogens }, Points { x, y, z })
}
