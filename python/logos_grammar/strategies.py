"""Hypothesis strategies for any object type: its objects, its sentences and near misses."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from logos_grammar import encode, vocabulary

_SPECIALS: Final = 32
_PLACES: Final = 1 << 16


def objects(kind: str) -> st.SearchStrategy[Any]:
    """Draw objects of one type, from the strategy that its package names by its plural.

    Parameters
    ----------
    kind
        The name of an object type: ``"molecule"``, ``"nucleic_acid"``.

    Returns
    -------
    SearchStrategy
        `logos_grammar.molecule.strategies.molecules()` for ``"molecule"``.
    """
    plural = f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"
    strategy: st.SearchStrategy[Any] = getattr(
        import_module(f"logos_grammar.{kind}.strategies"), plural
    )()
    return strategy


def sentences(kind: str) -> st.SearchStrategy[NDArray[np.uint16]]:
    """Draw sentences of one object type: the ids of an object, uint16 [n]."""
    return objects(kind).map(encode)


def words(*, max_size: int = 64) -> st.SearchStrategy[NDArray[np.uint16]]:
    """Draw ids that have names but no grammar, uint16 [n]; nearly none of them is a sentence."""
    return st.lists(_tokens(), max_size=max_size).map(lambda ids: np.array(ids, np.uint16))


def near_misses(kind: str) -> st.SearchStrategy[NDArray[np.uint16]]:
    """Draw sentences with one change: a token replaced, dropped, put in or moved, or a cut.

    Some are sentences all the same: ask `logos_grammar.check`, which is what they are for.

    Parameters
    ----------
    kind
        The name of an object type.

    Returns
    -------
    SearchStrategy
        Ids, uint16 [n].
    """
    place = st.integers(0, _PLACES - 1)
    changes = (_replaced, _dropped, _put_in, _cut, _swapped, _repeated)
    return st.builds(
        lambda change, ids, at, other, token: change(
            ids, at * len(ids) // _PLACES, other * len(ids) // _PLACES, token
        ),
        st.sampled_from(changes),
        sentences(kind),
        place,
        place,
        st.none() | _tokens(),
    )


def _tokens() -> st.SearchStrategy[int]:
    """Draw ids that have a name, those of grammar only."""
    return st.sampled_from([token for token in vocabulary if token >= _SPECIALS])


def _replaced(
    ids: NDArray[np.uint16], at: int, other: int, token: int | None
) -> NDArray[np.uint16]:
    """Put a token, or the one at the other place, in the place of the one here."""
    changed = ids.copy()
    changed[at] = ids[other] if token is None else token
    return changed


def _dropped(ids: NDArray[np.uint16], at: int, *_: object) -> NDArray[np.uint16]:
    return np.delete(ids, at)


def _put_in(ids: NDArray[np.uint16], at: int, other: int, token: int | None) -> NDArray[np.uint16]:
    return np.insert(ids, at, ids[other] if token is None else np.uint16(token))


def _cut(ids: NDArray[np.uint16], at: int, *_: object) -> NDArray[np.uint16]:
    return ids[:at].copy()


def _swapped(ids: NDArray[np.uint16], at: int, other: int, *_: object) -> NDArray[np.uint16]:
    changed = ids.copy()
    changed[[at, other]] = ids[[other, at]]
    return changed


def _repeated(ids: NDArray[np.uint16], at: int, other: int, *_: object) -> NDArray[np.uint16]:
    """Repeat the tokens between the two places."""
    first, last = sorted((at, other))
    return np.concatenate([ids[:last], ids[first:last], ids[last:]])
