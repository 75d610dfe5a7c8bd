"""A sentence among many that cannot be read: the error names the cell at which its token stands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import logos_grammar as lg
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.strategies import molecules
from logos_grammar.protein import Protein
from logos_grammar.reaction import Reaction
from logos_grammar.texts import Kind

Cell = tuple[str, int] | None


def column_of(*sentences: str) -> lg.Encoded:
    """Sentences by the names of their tokens."""
    rows = [[lg.vocabulary.id(name) for name in sentence.split()] for sentence in sentences]
    offsets = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    return lg.Encoded(np.concatenate([np.array(row, np.uint16) for row in rows]), offsets)


def cell_of(error: lg.GrammarError) -> Cell:
    assert (error.column is None) == (error.row is None)
    return None if error.column is None or error.row is None else (error.column, error.row)


MOLECULES: list[tuple[str, Cell]] = [
    ("<MoleculeS> C C O -1 <MoleculeE>", ("charge", 2)),
    ("<MoleculeS> C [ O H2 H2 ] <MoleculeE>", ("hydrogens", 1)),
    ("<MoleculeS> C [ O @ @ ] <MoleculeE>", ("stereo", 1)),
    ("<MoleculeS> C [ #0 O ] <MoleculeE>", ("isotope", 1)),
    ("<MoleculeS> C [ O map #0 ] <MoleculeE>", ("map", 1)),
    ("<MoleculeS> C [ O map #x2 #7 ]", ("map", 1)),
    ("<MoleculeS> C . C = = C <MoleculeE>", ("order", 0)),
    ("<MoleculeS> C C ( = C ) = <MoleculeE>", ("order", 2)),
    ("<MoleculeS> C - C <MoleculeE>", ("order", 0)),
    ("<MoleculeS> C open1 C close1 <MoleculeE>", ("begin", 1)),
    ("<MoleculeS> C open1 C C ring= C <MoleculeE>", ("element", 3)),
    ("<MoleculeS> c - C <MoleculeE>", ("element", 1)),
    ("<MoleculeS> C open1 C C <MoleculeE>", ("element", 2)),
    ("<MoleculeS> C C", ("element", 1)),
    ("<MoleculeS> C ( Met ) C <MoleculeE>", ("element", 0)),
    ("<MoleculeS> <MoleculeE>", None),
    ("<MoleculeS>", None),
]
HALF = "<ReactionS> <MoleculeS> C <MoleculeE> "
BAD = "<MoleculeS> C [ O +1 -1 ] <MoleculeE> "
REACTIONS: list[tuple[str, Cell]] = [
    (HALF + BAD + "<Agents> <React> <ReactionE>", ("reactants[1].charge", 1)),
    (HALF + BAD + "<ReverseReact> <Agents> <ReactionE>", ("products[1].charge", 1)),
    (HALF + "<Agents> " + BAD + "<React> <ReactionE>", ("agents[0].charge", 1)),
    (HALF + "<Agents> <React> " + BAD + "<ReactionE>", ("products[0].charge", 1)),
    (HALF + "<ReverseReact> " + BAD + "<Agents> <ReactionE>", ("reactants[0].charge", 1)),
    (HALF + "<ReverseReact> <Agents> " + BAD + "<ReactionE>", ("agents[0].charge", 1)),
    (HALF + "<Agents> <ReactionE>", None),
    (HALF + "<MoleculeS>", None),
    (HALF, None),
    ("<ReactionE>", None),
]


@pytest.mark.parametrize(("sentence", "cell"), MOLECULES + REACTIONS)
def test_the_cell_of_a_token_is_named(sentence: str, cell: Cell) -> None:
    with pytest.raises(lg.GrammarError) as refused:
        lg.decode_many(column_of("<MoleculeS> N <MoleculeE>", sentence))
    error = refused.value
    assert (error.record, cell_of(error)) == (1, cell)
    alone = lg.check(column_of(sentence).ids)
    assert alone is not None
    where = "" if cell is None else f", in {cell[0]}[{cell[1]}]"
    at = f" at token {alone.position}"
    assert str(error) == str(alone).replace(at, f"{at} of record 1", 1) + where
    assert error.position == alone.position
    assert error.expected == alone.expected


@pytest.mark.parametrize(
    ("kind", "sentence", "cell"),
    [("molecule", *MOLECULES[0]), ("reaction", *REACTIONS[0]), ("reaction", *REACTIONS[2])],
)
def test_a_column_of_texts_names_it_too(kind: Kind, sentence: str, cell: Cell) -> None:
    with pytest.raises(lg.GrammarError) as refused:
        lg.decode_texts(kind, column_of(sentence))
    assert (refused.value.record, cell_of(refused.value)) == (0, cell)


def test_an_object_without_columns_has_no_cell() -> None:
    ids = lg.encode(Protein("MKV"))[:-1]
    with pytest.raises(lg.GrammarError) as refused:
        lg.decode_many(lg.Encoded(ids, np.array([0, len(ids)])))
    assert (refused.value.record, cell_of(refused.value)) == (0, None)


@given(molecules(), st.data())
def test_the_cell_is_the_one_that_the_object_has(molecule: Molecule, data: st.DataObject) -> None:
    """A token that is written twice is wrong at its second place, which is of the same cell."""
    ids = lg.encode(molecule).tolist()
    blocks = [lg.vocabulary.block_of(id).name for id in ids]
    column = data.draw(st.sampled_from(["charge", "hydrogens", "stereo"]))
    places = [at for at, block in enumerate(blocks) if block == column]
    stated = np.flatnonzero(getattr(molecule, column) != 0)
    stated = stated[getattr(molecule, column)[stated] != -1] if column == "hydrogens" else stated
    assert len(places) == len(stated)
    for at, row in zip(places, stated.tolist(), strict=True):
        wrong = [*ids[: at + 1], *ids[at:]]
        agents = lg.encode(Reaction((), (molecule, molecule), ())).tolist()
        behind = len(agents) - 2 - len(ids)
        in_reaction = [*agents[:behind], *wrong, *agents[-2:]]
        for sentence, list_name in ((wrong, ""), (in_reaction, "agents[1].")):
            array = np.array(sentence, np.uint16)
            with pytest.raises(lg.GrammarError) as refused:
                lg.decode_many(lg.Encoded(array, np.array([0, len(array)])))
            assert cell_of(refused.value) == (list_name + column, row)
