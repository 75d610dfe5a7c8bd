"""The vectors are what the core and the oracle say today, and they see what a mistake changes."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import logos_grammar as lg
from logos_grammar.grammar.conformance import (
    ASKS,
    Question,
    carried_vectors,
    digest,
    read_vectors,
    wrong,
)
from oracle import SPEC, Recogniser, read_spec
from oracle.notation import rules_within
from vectors.program import answer

spec = read_spec()
each_kind = pytest.mark.parametrize("kind", spec.objects)
FOLDER = SPEC / "vectors"


def vectors(kind: str) -> list[Question]:
    text = (FOLDER / f"{kind}.jsonl").read_text("utf-8")
    return list(read_vectors(kind, text))


def by_core(question: Question) -> dict[str, object]:
    """What the recognizer answers."""
    recognizer = lg.Recognizer(question.kind)
    if question.ask == "check":
        position = recognizer.accept_many(question.about["ids"])
        if recognizer.is_done and position == len(question.about["ids"]):
            return {"code": 0}
        code, _, reason = recognizer.error() or (1, position, "")
        return {"code": code, "position": position, "condition": reason}
    assert recognizer.accept_many(question.about["prefix"]) == len(question.about["prefix"])
    return {"next": recognizer.allowed().tolist(), "needed": recognizer.min_tokens_to_complete()}


def test_the_vectors_are_fresh() -> None:
    check = [sys.executable, str(FOLDER / "generate.py"), "--check"]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@each_kind
def test_the_library_carries_them(kind: str) -> None:
    assert carried_vectors()[kind] == (FOLDER / f"{kind}.jsonl").read_text("utf-8")
    assert set(carried_vectors()) == set(spec.objects)


def test_they_are_small() -> None:
    assert sum(len(text) for text in carried_vectors().values()) < 1_500_000


@each_kind
def test_the_recognizer_answers_them(kind: str) -> None:
    for question in vectors(kind):
        if question.ask != "count":
            assert wrong(question, by_core(question)) is None, question


@each_kind
def test_there_are_enough_of_each(kind: str) -> None:
    found = Counter(question.ask for question in vectors(kind))
    assert set(found) == set(ASKS)
    assert min(found["check"], found["next"], found["needed"]) > 200
    codes = Counter(q.answer["code"] for q in vectors(kind) if q.ask == "check")
    assert codes[0] > 80
    assert codes[1] > 80


def test_every_condition_is_broken_by_some() -> None:
    """So who leaves one out answers wrongly."""
    rules = set().union(*(rules_within(spec, kind) for kind in spec.objects))
    wanted = {where.text for name in rules for where in spec.rules[name].wheres}
    checks = (q for kind in spec.objects for q in vectors(kind) if q.ask == "check")
    broken = {question.answer.get("condition") for question in checks}
    assert broken - {None} == wanted


def test_the_lines_of_the_readme_are_right() -> None:
    readme = (FOLDER / "README.md").read_text("utf-8")
    lines = re.findall(r'^\{"(?:ids|prefix|alphabet)".*$', readme, re.MULTILINE)
    head = (FOLDER / "molecule.jsonl").read_text("utf-8").splitlines()[0]
    found = list(read_vectors("molecule", "\n".join([head, *lines])))
    assert {question.ask for question in found} == set(ASKS)
    for question in found:
        said = by_core(question) if question.ask != "count" else None
        about = {"ask": question.ask, **question.about}
        said = said or answer(Recogniser(spec, "molecule"), about)
        assert wrong(question, said) is None


def test_a_digest_is_of_a_set() -> None:
    assert digest([3, 1, 2]) == digest([1, 2, 3]) != digest([1, 2])
    assert digest([]) == "e3b0c44298fc1c14"


@pytest.mark.parametrize("head", ['{"vectors": "protein"}', "{}", "[]"])
def test_other_files_are_no_vectors(head: str) -> None:
    with pytest.raises(ValueError, match="expected a first line"):
        list(read_vectors("molecule", head))


def test_an_empty_file_has_no_vectors() -> None:
    with pytest.raises(ValueError, match="expected a first line"):
        list(read_vectors("molecule", ""))


def test_vectors_of_another_vocabulary_are_refused() -> None:
    text = carried_vectors()["molecule"].replace(lg.vocabulary.fingerprint, "0" * 64)
    with pytest.raises(ValueError, match="fingerprint"):
        list(read_vectors("molecule", text))


def test_the_folder_has_a_file_for_each_type_and_no_others() -> None:
    assert {file.stem for file in Path(FOLDER).glob("*.jsonl")} == set(spec.objects)
