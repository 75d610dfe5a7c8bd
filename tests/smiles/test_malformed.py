"""What is no SMILES is refused, at the first character that is wrong.

`malformed.tsv` holds, under headings, a text (a JSON string), the position of the character that
is wrong, and part of the reason. Dropping in a line is adding a test.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random

import pytest

import logos_grammar as lg
from logos_grammar.molecule import Molecule
from smiles.torn import Freedom, torn_smiles

LINES = Path(__file__).with_name("malformed.tsv").read_text("utf-8").splitlines()
CASES = [line.split("\t") for line in LINES if not line.startswith("#")]
MALFORMED = [(json.loads(text), int(position), reason) for text, position, reason in CASES]
# What may follow where something is missing: in brackets, and elsewhere.
IN_BRACKETS = ["]", "C]", "1]", "H1]", "L1]", "P1]"]
CONTINUATIONS = [*IN_BRACKETS, "", "C", "1", "C1", "10", "0", "(1)", "1)", ")", ")C", "-C"]


def refusal(text: str) -> lg.ConversionError:
    with pytest.raises(lg.ConversionError) as caught:
        Molecule.from_smiles(text)
    return caught.value


def test_the_list_is_long() -> None:
    assert len({text for text, _, _ in MALFORMED}) == len(MALFORMED) >= 220


@pytest.mark.parametrize(("text", "position", "reason"), MALFORMED)
def test_malformed_smiles_are_refused_where_they_are_wrong(
    text: str, position: int, reason: str
) -> None:
    error = refusal(text)
    assert (error.position, error.record) == (position, None)
    assert reason in str(error)


def test_columns_refuse_with_the_same_words() -> None:
    texts = [text for text, _, _ in MALFORMED]
    encoded = lg.encode_texts("molecule", ["C", *texts, "O"], errors="collect")
    assert [row for row, _ in encoded.errors] == list(range(1, len(texts) + 1))
    for text, (row, error) in zip(texts, encoded.errors, strict=True):
        alone = refusal(text)
        assert (error.position, error.record) == (alone.position, row)
        assert str(alone) in str(error)
    assert [lg.decode(encoded[row]) for row in (0, len(texts) + 1)] == [
        Molecule.from_smiles("C"),
        Molecule.from_smiles("O"),
    ]


@pytest.mark.parametrize(("text", "position", "reason"), MALFORMED)
def test_what_stands_before_the_wrong_character_begins_a_smiles(
    text: str, position: int, reason: str
) -> None:
    if reason in "this is opened and never closed":
        # The position is where it was opened; the text only lacks its end.
        assert completed(text) is not None
        return
    assert position == 0 or completed(text[:position]) is not None
    if position < len(text) and "from" not in reason and text[position] != "%":
        # A number that is too large, a label that may not stand there, are wrong as a whole.
        assert completed(text[: position + 1]) is None


def completed(begun: str) -> str | None:
    """A SMILES that begins so, if one is found by closing what is open."""
    for continuation in CONTINUATIONS:
        text = begun + continuation
        for _ in range(20):
            try:
                Molecule.from_smiles(text)
            except lg.ConversionError as error:
                found = re.search(r"ring (\d+) is opened and never closed", str(error))
                if found:
                    text += f"CC%({found[1]})"
                elif "this ( is never closed" in str(error):
                    text += ")"
                else:
                    break
            else:
                return text
    return None


SIGNS = [*"CNOcn[]()=#-+/\\.%@:~$><*H1239", "%(", "Cl", "->", "@TB", "\u00e9", " ", "\x00"]


@pytest.mark.parametrize("block", range(20))
def test_a_wrong_sign_anywhere_is_refused_or_read_but_never_worse(block: int) -> None:
    for i in range(100):
        text = with_wrong_signs(Random(f"{block} {i}"))
        encoded = lg.encode_texts("molecule", [text], errors="collect")
        if encoded.errors:
            (_, error), alone = encoded.errors[0], refusal(text)
            assert 0 <= error.position == alone.position <= len(text), text
        else:
            written = lg.decode_texts("molecule", encoded)
            assert lg.encode_texts("molecule", written)[0].tolist() == encoded[0].tolist(), text
            assert Molecule.from_smiles(text).to_smiles() == written[0], text


def with_wrong_signs(rng: Random) -> str:
    text = torn_smiles(rng, Freedom())
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice([*SIGNS, ""]) + text[at + rng.randrange(2) :]
    return text


def test_bytes_that_are_no_text_are_refused_at_their_character() -> None:
    lines = b"CC\xff\nC\xc3\xa9C\n\xe2\x82\nCC"
    encoded = lg.encode_texts("molecule", lines, errors="collect")
    assert [(row, error.position) for row, error in encoded.errors] == [(0, 2), (1, 1), (2, 0)]
