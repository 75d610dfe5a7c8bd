"""Arrangement: how named neighbours stand around an atom, the same for every way to name them.

Built from the pictures that OpenSMILES draws: which neighbours stand on the axis, which shape the
others trace, and which way round.
"""

from __future__ import annotations

from itertools import permutations, product

Name = int | str
"""A neighbour: the number of an atom, or what stands for a hydrogen or a missing neighbour."""


def handed(names: list[Name], code: int) -> object:
    """Left- or right-handed, the names being sorted."""
    swaps = sum(str(b) < str(a) for i, a in enumerate(names) for b in names[i + 1 :])
    return "handed", (swaps + code) % 2


# Places around an atom; rotations are the permutations of places that keep all angles and the
# handedness of every three.
_AXIS_OF_3 = ((1, 1, 1), (-1, -1, -1))
_AROUND_3 = ((2, -1, -1), (-1, 2, -1), (-1, -1, 2))
_AXIS_OF_4 = ((0, 0, 1), (0, 0, -1))
_AROUND_4 = ((1, 0, 0), (0, 1, 0), (-1, 0, 0), (0, -1, 0))
Vector = tuple[int, int, int]


def _dot(a: Vector, b: Vector) -> int:
    return sum(x * y for x, y in zip(a, b, strict=True))


def _volume(a: Vector, b: Vector, c: Vector) -> int:
    cross = (b[1] * c[2] - b[2] * c[1], b[2] * c[0] - b[0] * c[2], b[0] * c[1] - b[1] * c[0])
    return _dot(a, cross)


def _rotations(places: tuple[Vector, ...], *, flat: bool) -> list[tuple[int, ...]]:
    n = range(len(places))

    def same(turn: tuple[int, ...]) -> bool:
        at = [places[i] for i in turn]
        angles = all(_dot(places[i], places[j]) == _dot(at[i], at[j]) for i in n for j in n)
        return angles and (
            flat
            or all(
                _volume(places[i], places[j], places[k]) == _volume(at[i], at[j], at[k])
                for i, j, k in product(n, repeat=3)
            )
        )

    return [turn for turn in permutations(n) if same(turn)]


SQUARE = _rotations(_AROUND_4, flat=True)
BIPYRAMID = _rotations((*_AXIS_OF_3, *_AROUND_3), flat=False)
OCTAHEDRON = _rotations((*_AXIS_OF_4, *_AROUND_4), flat=False)

# In which order the four places around are visited when a U, a 4 or a Z is drawn anticlockwise:
# of the 4 the second stroke, of the Z the first tells the way round.
SHAPES = {"U": (0, 1, 2, 3), "4": (2, 0, 1, 3), "Z": (0, 1, 3, 2)}
SQUARE_PLANAR = {1: "U", 2: "4", 3: "Z"}
AXES_OF_TB = {
    (1, 2): "ae", (3, 4): "ad", (5, 6): "ac", (7, 8): "ab", (9, 11): "be",
    (10, 12): "bd", (13, 14): "bc", (15, 20): "ce", (16, 19): "cd", (17, 18): "de",
}  # fmt: skip
SHAPES_OF_OH = {
    (1, 2): "Uf", (3, 16): "Ue", (6, 18): "Ud", (19, 24): "Uc", (25, 30): "Ub",
    (4, 14): "Zf", (5, 15): "Ze", (7, 17): "Zd", (20, 23): "Zc", (26, 29): "Zb",
    (10, 8): "4f", (11, 9): "4e", (13, 12): "4d", (22, 21): "4c", (28, 27): "4b",
}  # fmt: skip


def _least(placed: list[Name], turns: list[tuple[int, ...]]) -> object:
    """The same for all ways to turn the whole."""
    return min(tuple(str(placed[i]) for i in turn) for turn in turns)


def _square(names: list[Name], code: int) -> object:
    placed: list[Name] = [""] * 4
    for place, name in zip(SHAPES[SQUARE_PLANAR[code]], names, strict=True):
        placed[place] = name
    return _least(placed, SQUARE)


def _bipyramid(names: list[Name], code: int) -> object:
    (first, _), axis = next((codes, axis) for codes, axis in AXES_OF_TB.items() if code in codes)
    ends = [names["abcde".index(letter)] for letter in axis]
    around = [name for name in names if name not in ends]
    if code != first:
        around.reverse()
    return _least([*ends, *around], BIPYRAMID)


def _octahedron(names: list[Name], code: int) -> object:
    (first, _), drawn = next(
        (codes, drawn) for codes, drawn in SHAPES_OF_OH.items() if code in codes
    )
    ends = [names[0], names["abcdef".index(drawn[1])]]
    rest = [name for name in names if name not in ends]
    around: list[Name] = [""] * 4
    for place, name in zip(SHAPES[drawn[0]], rest, strict=True):
        around[place] = name
    if code != first:
        around = [around[0], *reversed(around[1:])]
    return _least([*ends, *around], OCTAHEDRON)


ARRANGED = {"SP": _square, "TB": _bipyramid, "OH": _octahedron}
