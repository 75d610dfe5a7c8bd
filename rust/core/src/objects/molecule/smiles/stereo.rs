//! Stereo: the code of an atom's stereo when its neighbours are named in another order.
//!
//! A code says which place around the atom each neighbour has, by the order in which neighbours
//! are named. Naming them in another order is looking for the code whose places, so named, are
//! the same up to a rotation.
//!
//! Source: the tables of <http://opensmiles.org/opensmiles.html>, section 3.9.

use std::sync::LazyLock;

/// Codes as in `Atom::stereo`: 1-2 tetrahedral, 3-4 allene-like, 5-7 square planar, 8-27 trigonal
/// bipyramidal, 28-57 octahedral.
///
/// `order[i]` is where the neighbour now named i-th was named before. `None` when the neighbours
/// are too few or too many for the code to say anything of them in another order.
pub(super) fn renamed(code: u8, order: &[usize]) -> Option<u8> {
    if order.is_sorted() {
        return Some(code);
    }
    match code {
        1..=4 => Some(if is_odd(order) { ((code - 1) ^ 1) + 1 } else { code }),
        5..=7 => same_places(code, 5, &SQUARE, order),
        8..=27 => same_places(code, 8, &BIPYRAMID, order),
        28..=57 => same_places(code, 28, &OCTAHEDRON, order),
        _ => Some(code),
    }
}

fn is_odd(order: &[usize]) -> bool {
    let inversions = (0..order.len())
        .map(|i| order[i + 1..].iter().filter(|&&later| later < order[i]).count())
        .sum::<usize>();
    inversions % 2 == 1
}

fn same_places<const N: usize>(
    code: u8,
    base: u8,
    shape: &LazyLock<Shape<N>>,
    order: &[usize],
) -> Option<u8> {
    let before = &shape.places[usize::from(code - base)];
    if order.len() != N {
        return None;
    }
    let wanted: [usize; N] = std::array::from_fn(|i| before[order[i]]);
    let names = |places: &[usize; N]| {
        shape.rotations.iter().any(|turn| (0..N).all(|i| turn[places[i]] == wanted[i]))
    };
    shape.places.iter().position(names).map(|i| base + i as u8)
}

/// The places around an atom, of each permutation, and the rotations that leave the shape alone.
struct Shape<const N: usize> {
    places: Vec<[usize; N]>,
    rotations: Vec<[usize; N]>,
}

/// Four places around a square; a permutation is a U, a 4 or a Z drawn through its neighbours.
static SQUARE: LazyLock<Shape<4>> = LazyLock::new(|| Shape {
    places: vec![[0, 1, 2, 3], [0, 2, 1, 3], [0, 1, 3, 2]],
    rotations: closure(&[[1, 2, 3, 0], [0, 3, 2, 1]]),
});

/// An axis from place 0 to place 4; places 1, 2, 3 counterclockwise seen from place 0.
static BIPYRAMID: LazyLock<Shape<5>> = LazyLock::new(|| {
    const AXES: [(usize, usize, bool); 20] = [
        (0, 4, false),
        (0, 4, true),
        (0, 3, false),
        (0, 3, true),
        (0, 2, false),
        (0, 2, true),
        (0, 1, false),
        (0, 1, true),
        (1, 4, false),
        (1, 3, false),
        (1, 4, true),
        (1, 3, true),
        (1, 2, false),
        (1, 2, true),
        (2, 4, false),
        (2, 3, false),
        (3, 4, false),
        (3, 4, true),
        (2, 3, true),
        (2, 4, true),
    ];
    let places = |&(from, to, clockwise): &(usize, usize, bool)| {
        let around = if clockwise { [1, 3, 2] } else { [1, 2, 3] };
        placed((from, 0), (to, 4), around)
    };
    Shape {
        places: AXES.iter().map(places).collect(),
        rotations: closure(&[[0, 2, 3, 1, 4], [4, 1, 3, 2, 0]]),
    }
});

/// An axis from place 0 to place 5; places 1 to 4 counterclockwise seen from place 0.
static OCTAHEDRON: LazyLock<Shape<6>> = LazyLock::new(|| {
    const U: [[usize; 4]; 2] = [[1, 2, 3, 4], [1, 4, 3, 2]];
    const Z: [[usize; 4]; 2] = [[1, 2, 4, 3], [1, 4, 2, 3]];
    const FOUR: [[usize; 4]; 2] = [[1, 3, 4, 2], [1, 3, 2, 4]];
    // To which neighbour the axis from the first one leads, and how the others stand around it.
    const AROUND: [(usize, [usize; 4]); 30] = [
        (5, U[0]),
        (5, U[1]),
        (4, U[0]),
        (5, Z[0]),
        (4, Z[0]),
        (3, U[0]),
        (3, Z[0]),
        (5, FOUR[1]),
        (4, FOUR[1]),
        (5, FOUR[0]),
        (4, FOUR[0]),
        (3, FOUR[1]),
        (3, FOUR[0]),
        (5, Z[1]),
        (4, Z[1]),
        (4, U[1]),
        (3, Z[1]),
        (3, U[1]),
        (2, U[0]),
        (2, Z[0]),
        (2, FOUR[1]),
        (2, FOUR[0]),
        (2, Z[1]),
        (2, U[1]),
        (1, U[0]),
        (1, Z[0]),
        (1, FOUR[1]),
        (1, FOUR[0]),
        (1, Z[1]),
        (1, U[1]),
    ];
    Shape {
        places: AROUND.iter().map(|&(to, around)| placed((0, 0), (to, 5), around)).collect(),
        rotations: closure(&[[0, 2, 3, 4, 1, 5], [1, 5, 2, 0, 4, 3]]),
    }
});

/// The place of each neighbour: two on the axis, the others around it in the order of their names.
fn placed<const N: usize, const M: usize>(
    from: (usize, usize),
    to: (usize, usize),
    around: [usize; M],
) -> [usize; N] {
    let mut around = around.into_iter();
    std::array::from_fn(|i| match i {
        i if i == from.0 => from.1,
        i if i == to.0 => to.1,
        _ => around.next().unwrap_or_default(),
    })
}

/// All rotations that some make together.
fn closure<const N: usize>(generators: &[[usize; N]]) -> Vec<[usize; N]> {
    let mut all = vec![std::array::from_fn(|i| i)];
    let mut next = 0;
    while next < all.len() {
        let turn = all[next];
        for generator in generators {
            let product = std::array::from_fn(|i| generator[turn[i]]);
            if !all.contains(&product) {
                all.push(product);
            }
        }
        next += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_have_their_symmetry() {
        assert_eq!((SQUARE.rotations.len(), SQUARE.places.len()), (8, 3));
        assert_eq!((BIPYRAMID.rotations.len(), BIPYRAMID.places.len()), (6, 20));
        assert_eq!((OCTAHEDRON.rotations.len(), OCTAHEDRON.places.len()), (24, 30));
    }

    fn permutations(n: usize) -> Vec<Vec<usize>> {
        if n == 0 {
            return vec![vec![]];
        }
        let shorter = permutations(n - 1);
        shorter
            .iter()
            .flat_map(|p| {
                (0..n).map(move |i| {
                    let mut q = p.clone();
                    q.insert(i, n - 1);
                    q
                })
            })
            .collect()
    }

    /// Every arrangement has exactly one code, whatever the order of names: renaming there and
    /// back is nothing, and different codes stay different.
    #[test]
    fn renaming_is_a_permutation_of_the_codes() {
        for (codes, n) in [(5..=7, 4), (8..=27, 5), (28..=57, 6)] {
            for order in permutations(n) {
                let mut back = vec![0; n];
                for (i, &j) in order.iter().enumerate() {
                    back[j] = i;
                }
                for code in codes.clone() {
                    let other = renamed(code, &order).unwrap();
                    assert_eq!(renamed(other, &back), Some(code), "{code} {order:?}");
                }
            }
        }
    }
}
