"""Words behind a text: names, or tokens of the same text, which are never taken for its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import logos_grammar as lg
from logos_grammar.__main__ import main
from logos_grammar.prep import InputError, prepare
from logos_grammar.texts import Kind

from .conftest import read_refused, read_shard

Write = Callable[[str, str | bytes], Path]

TOKENS: list[tuple[Kind, str]] = [
    ("molecule", "C C ( = O ) O"),
    ("molecule", "c 1 c c c c c 1 [N+] ( = O ) [O-]"),
    ("molecule", "Br C Cl"),
    ("molecule", "CC O"),
    ("reaction", "C C O >> C C = O"),
    ("reaction", "C . [Na+] > O > C C"),
    ("protein", "MK L"),
    ("protein", "M K (MSE) L"),
    ("protein", "MKTAYIAKQR QISFVKSHFS RQLEERLGLI E"),
    ("rna", "GGC ACU"),
    ("dna", "A C G T"),
]
NAMES: list[tuple[Kind, str]] = [
    ("molecule", "CCO ethanol"),
    ("molecule", "CCO 1"),
    ("molecule", "CCO 0 1 1"),
    ("molecule", "CCO -"),
    ("molecule", "CCO\tC"),
    ("molecule", "CCO CHEMBL545 C"),
    ("molecule", "CCO C2H6O"),
    ("reaction", "C>>CC US20010000001"),
    ("protein", "MKL P12345"),
    ("protein", "MKL Insulin"),
    ("protein", "MKL\tMK"),
    ("rna", "ACGU tRNA"),
    ("dna", "ACGT chr1 100"),
]


@pytest.mark.parametrize(("kind", "text"), TOKENS)
def test_tokens_are_refused_or_joined_or_names_as_the_caller_says(
    written: Write, tmp_path: Path, kind: Kind, text: str
) -> None:
    source = written("a.txt", text + "\n")
    with pytest.raises(InputError, match="say --words names or --words tokens; the first is"):
        prepare(source, kind=kind, out=tmp_path / "unsaid")
    for words, wanted in (("tokens", text.replace(" ", "")), ("names", text.split(maxsplit=1)[0])):
        prepare(source, kind=kind, out=tmp_path / words, words=words)  # type: ignore[arg-type]
        refused = lg.encode_texts(kind, [wanted], errors="collect").errors
        found = read_shard(tmp_path / words, kind)
        if refused:
            assert found == []
        else:
            assert [one[:-1] for one in found] == [lg.encode_texts(kind, [wanted])[0].tolist()]


@pytest.mark.parametrize(("kind", "text"), NAMES)
def test_names_are_names(written: Write, tmp_path: Path, kind: Kind, text: str) -> None:
    prepare(written("a.txt", text + "\n"), kind=kind, out=tmp_path / "out")
    (found,) = read_shard(tmp_path / "out", kind)
    assert found[:-1] == lg.encode_texts(kind, [text.split(maxsplit=1)[0]])[0].tolist()


def test_a_line_that_may_be_tokens_among_names_is_refused_alone(
    written: Write, tmp_path: Path
) -> None:
    source = written("a.smi", "CCO ethanol\nC C O\nC\nC C ( =\nCC |f:0|\n")
    manifest = prepare(source, kind="molecule", out=tmp_path / "out")
    found = [(one["line"], one["position"], one["text"]) for one in read_refused(tmp_path / "out")]
    assert found[:2] == [(2, 1, "C C O"), (4, 1, "C C ( =")]
    assert manifest.counts.written == 2


def test_case_decides_between_letters_and_a_name(written: Write, tmp_path: Path) -> None:
    source = written("a.txt", "mkl mk\nMKV insulin\nMKV\n")
    manifest = prepare(source, kind="protein", out=tmp_path / "out", fold_case=True)
    assert [one["line"] for one in read_refused(tmp_path / "out")] == [1]
    assert manifest.counts.written == 2


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.smi", "C C . O |f:0.1|\tname\n"),
        ("a.csv", "x,smiles\n1,C C . O\n"),
        ("a.tsv", "x\tsmiles\n1\tC C . O\n"),
        ("a.jsonl", '{"smiles": "C C . O"}\n'),
    ],
)
def test_tokens_are_joined_in_cells_too(
    written: Write, tmp_path: Path, name: str, text: str
) -> None:
    prepare(
        written(name, text),
        kind="molecule",
        out=tmp_path / "out",
        words="tokens",
        without_extensions=True,
    )
    (found,) = read_shard(tmp_path / "out", "molecule")
    assert found[:-1] == lg.encode_texts("molecule", ["CC.O"])[0].tolist()


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        ("reaction", "CC.[Na+]~[Cl-]>>CCO", "CC.[Na+].[Cl-]>>CCO |f:1.2|"),
        ("reaction", "C~N>O.S~P~F>C->[Fe].Cl~Br", "C.N>O.S.P.F>C->[Fe].Cl.Br |f:0.1,3.4.5,7.8|"),
        ("reaction", "C C . N ~ O >> C", "CC.N.O>>C |f:1.2|"),
        ("reaction", "C>>C |f:0|", None),
        ("reaction", "C.C~N>>C |f:0.1|", None),
        ("molecule", "[Na+]~[Cl-]", "[Na+].[Cl-]"),
    ],
)
def test_fragments_are_held_together_by_the_sign_that_is_named(
    written: Write, tmp_path: Path, kind: Kind, text: str, wanted: str | None
) -> None:
    given: dict[str, Any] = {"fragment_bond": "~", "words": "tokens" if " . " in text else None}
    prepare(written("a.smi", text + "\n"), kind=kind, out=tmp_path / "out", **given)
    found = [one[:-1] for one in read_shard(tmp_path / "out", kind)]
    if wanted is None:
        assert len(found) + len(read_refused(tmp_path / "out")) == 1
    else:
        assert found == [lg.encode_texts(kind, [wanted])[0].tolist()]
        assert lg.decode(found[0]) == lg.decode(lg.encode_texts(kind, [wanted])[0])


def test_a_fragment_bond_is_read_as_a_bond_unless_it_is_named(
    written: Write, tmp_path: Path
) -> None:
    prepare(written("a.smi", "C~C\n"), kind="molecule", out=tmp_path / "out")
    (found,) = read_shard(tmp_path / "out", "molecule")
    assert found[:-1] == lg.encode_texts("molecule", ["C~C"])[0].tolist()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"words": "rock"}, "expected names or tokens as --words, got 'rock'"),
        ({"fragment_bond": "."}, "expected a sign such as ~ as --fragment-bond, got '.'"),
        ({"fragment_bond": ""}, "expected a sign such as ~"),
        ({"fragment_bond": "~", "kind": "protein"}, "expected no --fragment-bond for a protein"),
    ],
)
def test_readings_that_are_not_there_are_refused(
    written: Write, tmp_path: Path, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        prepare(written("a.smi", "C\n"), out=tmp_path / "out", **{"kind": "molecule", **given})


def test_the_commands_have_the_options(written: Write, tmp_path: Path) -> None:
    source = str(written("a.smi", "C C ~ O >> C C\n"))
    options = ["--kind", "reaction", "--words", "tokens", "--fragment-bond", "~"]
    assert main(["check", source, "--kind", "reaction"]) == 2
    assert main(["check", source, *options]) == 0
    assert main(["prep", source, "--out", str(tmp_path / "out"), *options]) == 0
    (found,) = read_shard(tmp_path / "out", "reaction")
    assert found[:-1] == lg.encode_texts("reaction", ["CC.O>>CC |f:0.1|"])[0].tolist()
