"""How far the end of a molecule is, by brute force: rings, branches, and what makes them hard.

Labels of one opener close at different atoms, none of them at a child of the opener, in a branch or
after it; all of that is tried, over every word of a small alphabet up to a length.
"""

from __future__ import annotations

import pytest

import logos_grammar as lg
from recognizer.states import FAST

LABELS = 5
MORE = 0 if FAST else 4
OPENINGS = {lg.vocabulary.id(f"open{n}") for n in range(1, LABELS + 1)}
CLOSINGS = {lg.vocabulary.id(f"close{n}") for n in range(1, LABELS + 1)}
BRANCH, BRANCH_END = lg.vocabulary.id("("), lg.vocabulary.id(")")
RINGS = "( ) open1 open2 open3 open4 open5 close1 close2 close3 close4 close5 <MoleculeE>"


class Search:
    """Goes through every molecule within a length, and compares `phi` with what it finds."""

    def __init__(self, alphabet: str) -> None:
        self.alphabet = [lg.vocabulary.id(name) for name in alphabet.split()]
        self.recognizer = lg.Recognizer("molecule")
        self.states = 0

    def begin(self, names: str, *, longest: int) -> None:
        """Search from here on, to words of so many tokens more."""
        self.recognizer.reset()
        tokens = [lg.vocabulary.id(name) for name in names.split()]
        assert all(map(self.recognizer.accept, tokens))
        labels = sum((token in OPENINGS) - (token in CLOSINGS) for token in tokens)
        branches = tokens.count(BRANCH) - tokens.count(BRANCH_END)
        self.shortest(longest, labels, branches)

    def shortest(self, left: int, labels: int, branches: int) -> int:
        """The length of the shortest completion, or one more than is left."""
        self.states += 1
        recognizer = self.recognizer
        found = 0 if recognizer.is_done else left + 1
        for token in self.alphabet:
            open_labels = labels + (token in OPENINGS) - (token in CLOSINGS)
            open_branches = branches + (token == BRANCH) - (token == BRANCH_END)
            # At least its closing for each label, an end and an atom for each branch.
            if open_labels + 2 * open_branches < left and recognizer.accept(token):
                found = min(found, 1 + self.shortest(left - 1, open_labels, open_branches))
                recognizer.rollback(1)
        if found <= left:
            assert recognizer.min_tokens_to_complete() == found, recognizer.ids
        else:
            assert recognizer.min_tokens_to_complete() > left, recognizer.ids
        return found


@pytest.mark.parametrize(
    ("alphabet", "names", "longest"),
    [
        (f"C . {RINGS}", "<MoleculeS>", 13),
        (f"C {RINGS}", "<MoleculeS> C open1 C ( C open2 C", 11),
        (f"C {RINGS}", "<MoleculeS> C open1 open2 open3 ( C open4", 12),
        (f"C {RINGS}", "<MoleculeS> C open1 open2 C open3 (", 11),
        (f"C {RINGS}", "<MoleculeS> C open1 ( C open2 open3 ( C ( C open4", 13),
        (f"C {RINGS}", "<MoleculeS> C open1 C open2 C open3 C open4 open5 C", 9),
        ("C c - : ring- ring: ( ) open1 open2 close1 close2 <MoleculeE>", "<MoleculeS>", 10),
        ("c - ring- ( ) open1 open2 close1 close2 <MoleculeE>", "<MoleculeS> c open1 c - c", 10),
        ("C [ ] H1 open1 open2 close1 close2 <MoleculeE>", "<MoleculeS>", 13),
    ],
)
def test_brute_force_finds_no_shorter_end(alphabet: str, names: str, longest: int) -> None:
    search = Search(alphabet)
    search.begin(names, longest=longest + MORE)
    assert search.states > 1000
