"""Prompts: what a sample begins with, and the texts that a sample can be written as, by kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import logos_grammar as lg
from logos_grammar.kinds import TEXTS, text_kind
from logos_grammar.reaction import Reaction
from logos_model.config_error import ConfigError
from logos_model.generation.smiles_prefix import sentence_of
from logos_model.grammar import Ids, LogosGrammar

_IDS = re.compile(r"\d+(?:[\s,]+\d+)*")
_SEQUENCES = ("protein", "dna", "rna")
PROFILES = {"molecule": "aromatic", "edit": "copy"}
_FASTA_WIDTH = 60


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """What a sample begins with.

    Attributes
    ----------
    ids
        The first ids of the sentence; none for any kind of object.
    profile
        The profile that samples of the kind are usually kept to: "aromatic" for a molecule, so that
        its valences are those that RDKit accepts, "copy" for an edit; None for others.
    """

    ids: tuple[int, ...]
    profile: str | None


def prompt(kind: str | None, text: str | None = None) -> Prompt:
    """Return the prompt that a text is.

    Parameters
    ----------
    kind
        Kind of object, such as "molecule"; None for any, or the one that LOGOS text says.
    text
        The beginning of the object; None for its opening tag alone.

        * ids, in digits: the first ids of the sentence, whatever the kind;
        * LOGOS text, which begins with a tag: ``<MoleculeS>CCO<MoleculeE><ReverseReact>``;
        * for a molecule SMILES, which is continued where its next character would continue it; a
          branch, a ring and a bond may be open: ``C1CC(``;
        * for a reaction SMILES of one side: ``CCO.CC(=O)O`` or ``CCO.CC(=O)O>[H+]>`` is continued
          with the products, ``>>CCOC(C)=O`` with the reactants;
        * for a protein, DNA or RNA its first letters, a FASTA header before them or not;
        * for another kind that has a text, a whole text, which is continued before its closing tag.

    Raises
    ------
    ConfigError
        If there is no such kind, or the text is not the beginning of such an object.
    """
    openings = LogosGrammar().kinds()
    if kind is not None and kind not in openings:
        raise ConfigError(f"expected a kind among {', '.join(sorted(openings))}, got {kind!r}")
    opening = [] if kind is None else [openings[kind]]
    ids = tuple(opening)
    if text is not None:
        try:
            ids = _ids_of(kind, text.strip())
        except ValueError as error:
            wanted = "an object" if kind is None else f"a {kind}"
            raise ConfigError(f"expected the beginning of {wanted}: {error}") from None
    if list(ids[: len(opening)]) != opening:
        raise ConfigError(
            f"expected a prompt that begins a {kind}, with the id {opening[0]}, got {ids[0]}"
        )
    return Prompt(ids=ids, profile=PROFILES.get(kind or ""))


def formats(kind: str) -> tuple[str, ...]:
    """Return the formats that samples of a kind can be written as, the usual one first."""
    own = {
        "molecule": ("smiles", "logos"),
        "reaction": ("smiles", "logos"),
        "protein": ("fasta", "logos"),
        "dna": ("fasta",),
        "rna": ("fasta",),
    }
    others = ("text",) if kind in TEXTS else ()
    return (*own.get(kind, others), "tokens", "ids")


def written(kind: str, ids: Ids, *, format: str, number: int) -> str:
    """Return a sentence in a format, its lines without the last line end.

    Parameters
    ----------
    kind
        Its kind.
    ids
        The sentence.
    format
        One of `formats`.
    number
        The number of the sample, which names it in FASTA.

    Raises
    ------
    ConfigError
        If the kind has no such format.
    ValueError
        If the ids are no sentence, or the format has no place for the object.
    """
    if format not in formats(kind):
        raise ConfigError(
            f"expected a format of a {kind}, {', '.join(formats(kind))}, got {format!r}"
        )
    if format == "text":
        return lg.decode_texts(
            text_kind(kind), lg.Encoded(np.asarray(ids), np.array([0, len(ids)]))
        )[0]
    return _WRITERS[format](ids, number)


def _ids_of(kind: str | None, text: str) -> tuple[int, ...]:
    if _IDS.fullmatch(text):
        return tuple(int(id) for id in re.split(r"[\s,]+", text))
    if text.startswith("<"):
        return _open(lg.encode(lg.from_logos(text)))
    if kind == "molecule":
        return sentence_of(text)
    if kind == "reaction":
        return _open(lg.encode(_reaction(text)))
    if kind in _SEQUENCES:
        lines = [line.strip() for line in text.splitlines() if not line.startswith(">")]
        text = "".join(lines)
    if kind is not None and kind in TEXTS:
        return _open(lg.encode_texts(text_kind(kind), [text])[0])
    raise ValueError(f"a prompt of ids in digits, or of LOGOS text, got {text!r}")


def _reaction(text: str) -> Reaction:
    """The reaction whose other side is still empty."""
    if text.startswith(">>"):
        return Reaction.from_smiles(text).retro()
    missing = 2 - text.count(">")
    reaction = Reaction.from_smiles(text + ">" * max(0, missing))
    if reaction.products:
        raise ValueError("one side of a reaction, got both")
    return reaction


def _open(sentence: Ids) -> tuple[int, ...]:
    """The sentence without its closing tag."""
    return tuple(sentence[:-1].tolist())


def _smiles(ids: Ids, number: int) -> str:
    return str(lg.decode(ids).to_smiles())


def _fasta(ids: Ids, number: int) -> str:
    sequence = lg.decode(ids).sequence
    lines = [sequence[at : at + _FASTA_WIDTH] for at in range(0, len(sequence), _FASTA_WIDTH)]
    return "\n".join([f">sample_{number}", *lines])


def _logos(ids: Ids, number: int) -> str:
    return lg.to_logos(lg.decode(ids))


def _tokens(ids: Ids, number: int) -> str:
    return " ".join(lg.vocabulary.name(id) for id in ids.tolist())


def _digits(ids: Ids, number: int) -> str:
    return " ".join(map(str, np.asarray(ids).tolist()))


_WRITERS: dict[str, Callable[[Any, int], str]] = {
    "smiles": _smiles,
    "fasta": _fasta,
    "logos": _logos,
    "tokens": _tokens,
    "ids": _digits,
}
