"""Hypothesis strategies for any object type: its objects, its sentences and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from logos_grammar import registry
from logos_grammar._core import Recognizer
from logos_grammar.codec import decode, encode
from logos_grammar.kinds import FORMS, object_type
from logos_grammar.object_types import CLASSES
from logos_grammar.profile import Profile
from logos_grammar.vocabulary import vocabulary

_SPECIALS: Final = 32
_PLACES: Final = 1 << 16


def objects(kind: str) -> st.SearchStrategy[Any]:
    """Draw objects of one type, from the strategy that its package names by its plural.

    Parameters
    ----------
    kind
        An object type, of the spec (``"nucleic_acid"``) or declared, or a form of one (``"dna"``).

    Returns
    -------
    SearchStrategy
        `logos_grammar.molecule.strategies.molecules()` for ``"molecule"``; for a declared type the
        objects of `walks`.
    """
    if registry.named(kind) is not None:
        return walks(kind).map(decode)
    name = object_type(kind)
    if name not in CLASSES:
        known = ", ".join((*CLASSES, *FORMS, *registry.kinds()))
        raise ValueError(f"expected a kind of object, one of {known}, not {kind!r}")
    plural = f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"
    plural = f"{name}es" if name.endswith("x") else plural
    make: Callable[..., st.SearchStrategy[Any]] = getattr(
        import_module(f"logos_grammar.{name}.strategies"), plural
    )
    return make() if kind == name else make(kind=kind)


def sentences(kind: str) -> st.SearchStrategy[NDArray[np.uint16]]:
    """Draw sentences of one object type: the ids of an object, uint16 [n]."""
    return walks(kind) if registry.named(kind) is not None else objects(kind).map(encode)


@st.composite
def walks(
    draw: st.DrawFn, kind: str, *, profile: str | Profile | None = None, max_tokens: int = 64
) -> NDArray[np.uint16]:
    """Draw sentences of one object type token by token from the mask, uint16 [n].

    Nothing is filtered, each sentence ends, and it shrinks to the shortest one.

    Parameters
    ----------
    kind
        The name of an object type.
    profile
        A sublanguage, as for `Recognizer`.
    max_tokens
        The most tokens; no fewer than the shortest sentence has.
    """
    shortest = Recognizer(kind, profile=profile).min_tokens_to_complete()
    budget = draw(st.integers(shortest, max(shortest, max_tokens)))
    recognizer = Recognizer(kind, profile=profile, budget=budget)
    while not recognizer.is_done:
        allowed = recognizer.allowed().tolist()
        if len(allowed) > 1:
            # First what leads to the end, as what comes first is what failures shrink to.
            nearest = int(recognizer.closing_tokens()[0])
            allowed.remove(nearest)
            token = draw(st.sampled_from([nearest, *allowed]))
        else:
            (token,) = allowed
        recognizer.accept(token)
    return recognizer.ids


@st.composite
def refusals(draw: st.DrawFn, kind: str) -> tuple[NDArray[np.uint16], int]:
    """Draw invalid ids, and the position of the first token that is not allowed there.

    Parameters
    ----------
    kind
        The name of an object type.

    Returns
    -------
    SearchStrategy
        Ids, uint16 [n], and the position, n when they are cut short.
    """
    sentence = draw(sentences(kind))
    position = draw(st.integers(0, len(sentence) - 1))
    recognizer = Recognizer(kind)
    recognizer.accept_many(sentence[:position])
    known = np.array([*vocabulary, *registry.names_and_sections()[0].values()])
    refused = np.setdiff1d(known[known >= _SPECIALS], recognizer.allowed())
    if position == 0 or draw(st.booleans()):
        wrong = draw(st.sampled_from(refused.tolist()))
        return np.concatenate([sentence[:position], [wrong], sentence[position:]]).astype(
            np.uint16
        ), position
    return sentence[:position].copy(), position


def words(*, max_size: int = 64) -> st.SearchStrategy[NDArray[np.uint16]]:
    """Draw ids that have names but no grammar, uint16 [n]; nearly none of them is a sentence."""
    return st.lists(_tokens(), max_size=max_size).map(lambda ids: np.array(ids, np.uint16))


def near_misses(kind: str) -> st.SearchStrategy[NDArray[np.uint16]]:
    """Draw sentences with one change: a token replaced, dropped, put in or moved, or a cut.

    Some are sentences all the same, as `logos_grammar.check` says.

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
