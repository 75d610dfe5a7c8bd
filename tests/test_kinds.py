"""The kinds: one list, generated from the spec, and taken by name wherever a kind is."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

import logos_grammar as lg
from logos_grammar.__main__ import main
from logos_grammar.kinds import FORMS, OBJECT_TYPES, TEXTS, object_type, openings, text_kind
from logos_grammar.testing.strategies import near_misses, objects, refusals, sentences, walks

ROOT = Path(__file__).resolve().parent.parent
KINDS = (*OBJECT_TYPES, *FORMS)


def ids_of(*names: str) -> tuple[int, ...]:
    return tuple(sorted(lg.vocabulary.id(name) for name in names))


def test_the_forms_of_nucleic_acid_are_dna_and_rna() -> None:
    assert dict(FORMS) == {"dna": "nucleic_acid", "rna": "nucleic_acid"}
    assert openings("dna") == ids_of("<DnaS>")
    assert openings("rna") == ids_of("<RnaS>")
    assert openings("nucleic_acid") == ids_of("<DnaS>", "<RnaS>")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_recognized_and_drawn(kind: str) -> None:
    recognizer = lg.Recognizer(kind, budget=40)
    assert recognizer.kind == kind
    assert tuple(recognizer.allowed().tolist()) == openings(kind)
    assert set(openings(kind)) <= set(openings(object_type(kind)))

    @given(objects(kind), sentences(kind), walks(kind), near_misses(kind), refusals(kind))
    def law(obj: Any, sentence: Any, walk: Any, miss: Any, refused: tuple[Any, int]) -> None:
        assert type(obj).__name__ == OBJECT_TYPES[object_type(kind)]
        for ids in (lg.encode(obj), sentence, walk):
            recognizer = lg.Recognizer(kind)
            assert recognizer.accept_many(ids) == len(ids)
            assert recognizer.is_done
            assert recognizer.min_tokens_to_complete() == 0
        recognizer = lg.Recognizer(kind)
        is_of_kind = not len(miss) or miss[0] in openings(kind)
        whole = is_of_kind and lg.check(miss) is None
        assert (recognizer.accept_many(miss) == len(miss) and recognizer.is_done) == whole
        ids, position = refused
        assert lg.Recognizer(kind).accept_many(ids) == position

    law()


def test_a_form_needs_as_few_tokens_as_its_type_and_takes_its_profiles() -> None:
    strand = lg.Recognizer("rna", profile=lg.Profile(length=3, composition={"nt:A": 2, "nt:U": 1}))
    assert strand.min_tokens_to_complete() == 5
    while not strand.is_done:
        assert strand.accept(int(strand.allowed()[-1]))
    drawn = lg.decode(strand.ids)
    assert (drawn.kind, sorted(drawn.sequence)) == ("rna", ["A", "A", "U"])
    with pytest.raises(ValueError, match="at least 2 tokens"):
        lg.Recognizer("dna", budget=1)


def test_a_form_refuses_the_other_with_the_rule() -> None:
    recognizer = lg.Recognizer("dna")
    assert not recognizer.accept(lg.vocabulary.id("<RnaS>"))
    error = recognizer.error()
    assert error is not None
    assert error[:2] == (1, 0)
    assert error[2].endswith("; expected <DnaS>")


def test_a_type_without_a_text_of_its_own_says_what_to_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = "expected a kind of text, one of .*, not 'nucleic_acid': say dna or rna"
    with pytest.raises(ValueError, match=sentence):
        text_kind("nucleic_acid")
    with pytest.raises(ValueError, match=sentence):
        lg.encode_texts("nucleic_acid", ["ACGU"])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=sentence):
        lg.decode_texts("nucleic_acid", lg.encode_texts("rna", ["A"]))  # type: ignore[arg-type]
    with pytest.raises(SystemExit):
        main(["prep", "x.fasta", "--kind", "nucleic_acid", "--out", str(tmp_path)])
    assert "say dna or rna" in capsys.readouterr().err
    with pytest.raises(ValueError, match=r"not 'crystal'$"):
        text_kind("crystal")


@pytest.mark.parametrize("kind", TEXTS)
def test_every_kind_of_text_is_read_and_written(kind: Any) -> None:
    shortest = lg.Recognizer(kind).closing_tokens()
    texts = lg.decode_texts(kind, lg.Encoded(shortest, np.array([0, len(shortest)])))
    encoded = lg.encode_texts(kind, texts)
    assert encoded.ids.tolist() == shortest.tolist()
    assert encoded.ids[0] in openings(kind)
    assert type(lg.decode(encoded[0])).__name__ == OBJECT_TYPES[object_type(kind)]


GENERATED = {"_kinds.py", "object_types.py"}
# Conventions of files and of texts, by kind; a kind that is not in them has none.
CONVENTIONS = {"prep/readers/__init__.py", "prompts/__init__.py", "formats/written.py"}


def test_no_other_file_lists_the_kinds() -> None:
    """Three object types or text kinds in one collection are a list that the spec should write."""
    listed = {*OBJECT_TYPES, *OBJECT_TYPES.values(), *TEXTS} - {"dna", "rna"}
    found = []
    for file in sorted((ROOT / "python" / "logos_grammar").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            parts: list[ast.expr | None] = []
            if isinstance(node, ast.List | ast.Tuple | ast.Set):
                parts = list(node.elts)
            elif isinstance(node, ast.Dict):
                parts = list(node.keys)
            names = {
                part.value if isinstance(part, ast.Constant) else getattr(part, "id", None)
                for part in parts
            }
            if len(names & listed) >= 3 and file.name not in GENERATED:
                found.append(file.relative_to(ROOT / "python" / "logos_grammar").as_posix())
    assert set(found) == CONVENTIONS


def test_kinds_are_in_the_order_of_the_vocabulary() -> None:
    first = [openings(kind)[0] for kind in TEXTS]
    assert first == sorted(first)
    assert np.unique(first).size == len(first)
