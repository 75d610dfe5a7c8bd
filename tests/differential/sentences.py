"""Sentences of real records, and what they become by one wrong token."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random

import logos_grammar as lg
from logos_grammar.antibody.tables import read_airr
from logos_grammar.edit import Edit
from logos_grammar.infill import Infill
from logos_grammar.protein import Protein
from logos_grammar.texts import Kind
from logos_model.sample_data import ANTIBODIES, SAMPLES

_MOST = 80
_TEXT_KINDS: dict[str, Kind] = {
    "molecule": "molecule",
    "reaction": "reaction",
    "protein": "protein",
    "nucleic_acid": "rna",
}
_TOKENS = [id for id in lg.vocabulary if id > 2]


@cache
def real_sentences(kind: str) -> tuple[tuple[int, ...], ...]:
    """Sentences of sample records of an object type; infills and edits are made of proteins.

    A type without sample records gets random walks.
    """
    if kind == "antibody":
        with ANTIBODIES.open(encoding="utf-8") as lines:
            return tuple(_ids(antibody) for antibody in read_airr(lines))[:_MOST]
    if kind == "infill":
        return tuple(_ids(_infill(text)) for text in _texts("protein"))
    if kind == "edit":
        return tuple(_ids(_edit(text)) for text in _texts("protein"))
    if kind not in _TEXT_KINDS:
        return tuple(_walk(kind, Random(number)) for number in range(_MOST))
    text_kind = _TEXT_KINDS[kind]
    return tuple(tuple(ids.tolist()) for ids in lg.encode_texts(text_kind, _texts(text_kind)))


def _walk(kind: str, random: Random) -> tuple[int, ...]:
    recognizer = lg.Recognizer(kind, budget=24)
    while not recognizer.is_done:
        recognizer.accept(random.choice(recognizer.allowed().tolist()))
    return tuple(recognizer.ids.tolist())


def near_misses_of(ids: tuple[int, ...], random: Random) -> Iterator[tuple[int, ...]]:
    """A sentence with one token replaced, dropped, put in or moved, and cut short."""
    at, other = random.randrange(len(ids)), random.randrange(len(ids))
    for token in (ids[other], random.choice(_TOKENS)):
        yield (*ids[:at], token, *ids[at + 1 :])
        yield (*ids[:at], token, *ids[at:])
    without = (*ids[:at], *ids[at + 1 :])
    yield without
    yield (*without[:other], ids[at], *without[other:])
    yield ids[:at]


def _texts(kind: Kind) -> list[str]:
    path = next(sample.path for sample in SAMPLES if sample.kind == kind)
    if path.suffix == ".fasta":
        return [record.sequence for record in lg.fasta.read(path)][:_MOST]
    return [line.split()[0] for line in path.read_text("utf-8").splitlines()[:_MOST]]


def _infill(text: str) -> Infill:
    """A protein of which the middle third is to be filled in."""
    third = len(text) // 3
    holed = Protein(f"{text[:third]}_{text[2 * third :]}")
    return Infill(holed, (text[third : 2 * third],))


def _edit(text: str) -> Edit:
    """A protein of which the middle third is taken out."""
    third = len(text) // 3
    head, middle, tail = text[:third], text[third : 2 * third], text[2 * third :]
    return Edit(before=Protein(f"{head}[{middle}]{tail}"), after=Protein(head + tail))


def _ids(thing: lg.ScientificObject) -> tuple[int, ...]:
    return tuple(lg.encode(thing).tolist())
