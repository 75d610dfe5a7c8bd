"""Ids are forever: what an earlier version of the vocabulary wrote is read by every later one."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import logos_grammar as lg
from generator.versions import Version, read_versions, versions_toml
from generator.vocabulary import read_vocabulary
from logos_grammar.vocabulary import Vocabulary

SPEC = Path(__file__).resolve().parent.parent / "spec"
VOCABULARY = (SPEC / "vocabulary.toml").read_text(encoding="utf-8")
VERSIONS = (SPEC / "versions.toml").read_text(encoding="utf-8")

APPENDED = (
    '    { name = "<eos>", text = "", gloss = "a document ends" },\n',
    '    { name = "<eos>", text = "", gloss = "a document ends" },\n'
    '    { name = "<appended>", text = "", gloss = "appended by a test" },\n',
)
BEFORE = '[[block]]\nname = "index_group"\n'
NEW_BLOCK = '[[block]]\nname = "toy"\nbase = 2040\nsize = 8\ngloss = "of a test"\ntokens = [\n'
NEW_BLOCK += '    { name = "<ToyS>", text = "", gloss = "a toy begins" },\n]\n\n'
NEW_ID = 3


def versions_of(vocabulary: str) -> tuple[Version, ...]:
    return read_versions(read_vocabulary(vocabulary), VERSIONS)


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def test_every_version_is_the_first_tokens_of_the_present_one() -> None:
    versions = versions_of(VOCABULARY)
    assert versions_toml(versions) == VERSIONS
    assert versions[-1].fingerprint == lg.vocabulary.fingerprint
    assert lg.vocabulary.lineage == tuple(version.fingerprint for version in versions)
    assert lg.vocabulary.version == len(versions)
    for version in versions:
        assert lg.vocabulary.version_of(version.fingerprint) == version.number
        assert f'fingerprint = "{version.fingerprint}"' in VERSIONS


@pytest.mark.parametrize(
    "append",
    [
        lambda text: changed(text, *APPENDED),
        lambda text: changed(text, BEFORE, NEW_BLOCK + BEFORE),
    ],
    ids=["token", "block"],
)
def test_an_appended_token_makes_a_version_that_extends_the_others(
    append: Callable[[str], str],
) -> None:
    before, after = versions_of(VOCABULARY), versions_of(append(VOCABULARY))
    assert after[:-1] == before
    assert after[-1].number == len(before) + 1
    assert read_versions(read_vocabulary(append(VOCABULARY)), versions_toml(after)) == after


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "<bos>"', 'name = "<begin>"'),
        ('    { name = "<bos>", text = "", gloss = "a document begins" },\n', ""),
        ('    { name = "<eos>", text = "", gloss = "a document ends" },\n', ""),
        (
            '    { name = "<pad>", text = "", gloss = "padding" },\n',
            '    { name = "<first>", text = "", gloss = "put in" },\n'
            '    { name = "<pad>", text = "", gloss = "padding" },\n',
        ),
        ('name = "edit"\nbase = 1104\nsize = 16', 'name = "edit"\nbase = 1105\nsize = 15'),
        ('name = "edit"\nbase', 'name = "edition"\nbase'),
    ],
    ids=["renamed", "removed", "last removed", "put in", "block moved", "block renamed"],
)
def test_a_token_that_was_issued_cannot_change(old: str, new: str) -> None:
    with pytest.raises(SystemExit, match="version 1 of the vocabulary was moved, renamed or"):
        versions_of(changed(VOCABULARY, old, new))


def test_reserved_ids_glosses_and_texts_may_change() -> None:
    for old, new in (("base = 6144\nsize = 16", "base = 6144\nsize = 64"), ("padding", "filling")):
        found = re.sub(re.escape(old), new, VOCABULARY, count=1)
        assert versions_of(found) == versions_of(VOCABULARY)


def extended() -> Vocabulary:
    """The vocabulary of a later version: the present one and a token."""
    versions = versions_of(changed(VOCABULARY, *APPENDED))
    tokens = [
        (id, lg.vocabulary.name(id), lg.vocabulary.text(id), lg.vocabulary.gloss(id))
        for id in lg.vocabulary
    ]
    tokens.append((NEW_ID, "<appended>", "", "appended by a test"))
    return Vocabulary(tokens, [(version.number, version.fingerprint) for version in versions])


def renamed() -> Vocabulary:
    """A vocabulary that is no later version of the present one."""
    return Vocabulary(versions=[(1, "0" * 64)])


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Callable[[Vocabulary], None]:
    """Put another vocabulary in the place of the library's."""

    def install(vocabulary: Vocabulary) -> None:
        monkeypatch.setattr(lg, "vocabulary", vocabulary)
        monkeypatch.setattr(sys.modules["logos_grammar.vocabulary"], "vocabulary", vocabulary)

    return install


def test_a_writer_is_this_an_earlier_a_later_or_another() -> None:
    now, later, other = lg.vocabulary, extended(), renamed()
    assert now.writer(now.fingerprint) == "this"
    assert later.writer(now.fingerprint) == "earlier"
    assert later.version_of(now.fingerprint) == now.version
    assert now.writer(later.fingerprint, later.lineage) == "later"
    assert now.writer(later.fingerprint) == "other"
    assert now.writer(other.fingerprint, other.lineage) == "other"
    assert other.writer(now.fingerprint, now.lineage) == "other"
    assert later.assigns(np.array([[0, NEW_ID]]))
    assert not now.assigns(np.array([0, NEW_ID]))
    assert not now.assigns(np.array([-1]))
    assert not now.assigns(np.array([now.size]))
    assert now.assigns(np.array([], np.uint16))


def prepared(folder: Path) -> Path:
    source = folder / "molecules.smi"
    source.write_text("CCO\nc1ccccc1\n", encoding="utf-8")
    lg.prep.prepare([source], out=folder / "shards", kind="molecule")
    return folder / "shards"


def test_shards_are_read_by_a_later_version_and_by_no_other(
    tmp_path: Path, installed: Callable[[Vocabulary], None]
) -> None:
    shards = pytest.importorskip("logos_model.data.corpus")
    folder = prepared(tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert tuple(manifest["lineage"]) == lg.vocabulary.lineage
    installed(extended())
    with pytest.warns(UserWarning, match="was written with version [0-9]+ of the vocabulary"):
        corpus = shards.open_corpus([folder], fingerprint=lg.vocabulary.fingerprint)
    assert len(corpus) == 2
    installed(renamed())
    with pytest.raises(shards.ShardError, match="expected shards of the vocabulary 0000"):
        shards.open_corpus([folder], fingerprint=lg.vocabulary.fingerprint)


def test_shards_of_a_later_version_are_read_where_their_ids_exist(tmp_path: Path) -> None:
    shards = pytest.importorskip("logos_model.data.corpus")
    folder, later = prepared(tmp_path), extended()
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest |= {"fingerprint": later.fingerprint, "lineage": later.lineage}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    own = lg.vocabulary.fingerprint
    with pytest.warns(UserWarning, match="was written with a later version of the vocabulary"):
        assert len(shards.open_corpus([folder], fingerprint=own)) == 2
    ids = np.fromfile(folder / "molecule.bin", np.uint16)
    ids[1] = NEW_ID
    ids.tofile(folder / "molecule.bin")
    del manifest["files"]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with (
        pytest.warns(UserWarning, match="a later version"),
        pytest.raises(shards.ShardError, match="which a later version wrote: install that"),
    ):
        shards.open_corpus([folder], fingerprint=own)
    path.write_text(json.dumps({**manifest, "lineage": []}), encoding="utf-8")
    with pytest.raises(shards.ShardError, match="prepare the data again"):
        shards.open_corpus([folder], fingerprint=own)


def test_a_saved_tokenizer_is_read_by_a_later_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokenizer = pytest.importorskip("logos_grammar.serving.tokenizer")
    tokenizer.LogosTokenizer().save_pretrained(tmp_path)
    monkeypatch.setattr(tokenizer, "vocabulary", extended())
    assert (
        tokenizer.LogosTokenizer.from_pretrained(tmp_path).encode_object(lg.protein.Protein("M"))
        == lg.encode(lg.protein.Protein("M")).tolist()
    )
    monkeypatch.setattr(tokenizer, "vocabulary", renamed())
    with pytest.raises(ValueError, match="nor an earlier version"):
        tokenizer.LogosTokenizer.from_pretrained(tmp_path)
