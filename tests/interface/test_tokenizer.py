"""The transformers tokenizer: names to ids and back, saved and loaded, and the same when fast."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import llguidance.hf as guidance
import numpy as np
import pytest
import transformers
from hypothesis import given
from transformers import AutoTokenizer, PreTrainedTokenizerFast

import logos_grammar as lg
from logos_grammar.kinds import TextKind
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.strategies import molecules
from logos_grammar.protein import Protein
from logos_grammar.serving.tokenizer import LogosTokenizer

ACETATE = "<MoleculeS> C C ( = O ) [ O -1 ] <MoleculeE>"
LYSINE = "<ProteinS> Lys <ProteinE>"
EVERY_NAME = " ".join(lg.vocabulary.name(id) for id in lg.vocabulary)


@pytest.fixture(scope="module")
def tokenizer() -> LogosTokenizer:
    return LogosTokenizer()


def test_every_assigned_name_has_the_id_of_the_vocabulary(tokenizer: LogosTokenizer) -> None:
    ids = tokenizer(EVERY_NAME)["input_ids"]
    assert ids == list(lg.vocabulary)
    assert tokenizer.decode(ids) == EVERY_NAME
    assert tokenizer.convert_ids_to_tokens(ids) == EVERY_NAME.split(" ")


def test_its_length_is_the_width_of_the_logits(tokenizer: LogosTokenizer) -> None:
    assert len(tokenizer) == tokenizer.vocab_size == lg.vocabulary.size
    assert max(tokenizer.get_vocab().values()) < len(tokenizer)


def test_specials_are_those_of_the_vocabulary_and_none_is_unknown(
    tokenizer: LogosTokenizer,
) -> None:
    specials = (tokenizer.pad_token_id, tokenizer.bos_token_id, tokenizer.eos_token_id)
    assert specials == (0, 1, 2)
    assert tokenizer.unk_token is None


@given(molecules())
def test_objects_and_texts_have_the_same_ids(molecule: Molecule) -> None:
    tokenizer = LogosTokenizer()
    ids = tokenizer.encode_object(molecule)
    text = tokenizer.decode(ids)
    assert tokenizer(text)["input_ids"] == ids == lg.encode(molecule).tolist()
    assert tokenizer.decode_object(ids) == molecule


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("Q", 0),
        ("C  C", 2),
        (" C", 0),
        ("C ", 2),
        ("C\nC", 0),
        ("C <pad>C", 2),
        ("<MoleculeS> C <eos>x", 14),
        ("c <unk>", 2),
    ],
)
def test_what_is_no_name_is_refused_where_it_stands(
    tokenizer: LogosTokenizer, text: str, position: int
) -> None:
    with pytest.raises(lg.ConversionError) as caught:
        tokenizer(text)
    assert caught.value.position == position


@pytest.mark.parametrize("id", [-100, -1, 3, 8191, 8192, 65535])
def test_the_id_of_no_token_is_refused(tokenizer: LogosTokenizer, id: int) -> None:
    for refuse in (tokenizer.decode, tokenizer.convert_ids_to_tokens):
        with pytest.raises(ValueError, match=f"^{id} is the id of no token"):
            refuse([0, id])
    with pytest.raises(ValueError, match="put the padding's id where labels are ignored"):
        tokenizer.batch_decode(np.array([[192, -100]]))


def test_tokens_cannot_be_added(tokenizer: LogosTokenizer) -> None:
    with pytest.raises(ValueError, match="the vocabulary is fixed"):
        tokenizer.add_tokens(["<mine>"])
    with pytest.raises(ValueError, match="the vocabulary is fixed"):
        LogosTokenizer(unk_token="<unk>")


def test_names_are_never_joined(tokenizer: LogosTokenizer) -> None:
    ids = tokenizer("C . C")["input_ids"]
    assert tokenizer.decode(ids, clean_up_tokenization_spaces=True) == "C . C"
    with pytest.raises(ValueError, match="joins token names"):
        LogosTokenizer(clean_up_tokenization_spaces=True)


def test_a_batch_is_padded_and_masked(tokenizer: LogosTokenizer) -> None:
    batch = tokenizer([ACETATE, LYSINE], padding=True, return_tensors="np")
    ids, mask = batch["input_ids"], batch["attention_mask"]
    assert ids.shape == (2, 12)
    assert mask.sum(axis=1).tolist() == [12, 3]
    assert (ids[1, 3:] == tokenizer.pad_token_id).all()
    assert tokenizer.batch_decode(ids, skip_special_tokens=True) == [ACETATE, LYSINE]
    assert tokenizer.decode_object(ids[1]) == Protein("K")


def test_a_batch_is_padded_on_the_left_when_asked() -> None:
    tokenizer = LogosTokenizer(padding_side="left", with_bos=True, with_eos=True)
    batch = tokenizer([ACETATE, LYSINE], padding=True, return_tensors="np")
    assert batch["input_ids"][1].tolist() == [*[0] * 9, 1, *tokenizer(LYSINE)["input_ids"][1:]]
    assert tokenizer.decode_object(batch["input_ids"][1]) == Protein("K")


def test_specials_are_added_only_when_asked_and_are_marked() -> None:
    tokenizer = LogosTokenizer(with_bos=True, with_eos=True)
    batch = tokenizer(LYSINE, return_special_tokens_mask=True)
    assert tokenizer.decode(batch["input_ids"]) == f"<bos> {LYSINE} <eos>"
    assert batch["special_tokens_mask"] == [1, 0, 0, 0, 1]
    assert tokenizer.decode(batch["input_ids"], skip_special_tokens=True) == LYSINE
    assert tokenizer.encode_object(Protein("K")) == batch["input_ids"]
    assert tokenizer(LYSINE, add_special_tokens=False)["input_ids"] == batch["input_ids"][1:-1]


def test_a_long_text_is_truncated_when_asked(tokenizer: LogosTokenizer) -> None:
    whole = tokenizer(ACETATE)["input_ids"]
    assert tokenizer(ACETATE, truncation=True, max_length=4)["input_ids"] == whole[:4]


def test_what_is_no_sentence_is_no_object(tokenizer: LogosTokenizer) -> None:
    with pytest.raises(lg.GrammarError) as caught:
        tokenizer.decode_object([0, 1, *tokenizer("<MoleculeS> C ( <MoleculeE>")["input_ids"], 2])
    assert caught.value.position == 3


def test_it_is_saved_and_loaded_with_its_options(tmp_path: Path) -> None:
    saved = LogosTokenizer(with_eos=True, padding_side="left", model_max_length=99)
    saved.save_pretrained(tmp_path)
    for loaded in (
        LogosTokenizer.from_pretrained(tmp_path),
        AutoTokenizer.from_pretrained(str(tmp_path)),
    ):
        assert type(loaded) is LogosTokenizer
        assert loaded(ACETATE)["input_ids"] == saved(ACETATE)["input_ids"]
        assert (loaded.padding_side, loaded.model_max_length) == ("left", 99)
        assert len(loaded) == lg.vocabulary.size


def test_another_vocabulary_is_refused(tmp_path: Path) -> None:
    LogosTokenizer().save_pretrained(tmp_path)
    file = tmp_path / "tokenizer_config.json"
    config = json.loads(file.read_text())
    assert config["fingerprint"] == lg.vocabulary.fingerprint
    file.write_text(json.dumps({**config, "fingerprint": "0" * 64}))
    with pytest.raises(ValueError, match="saved with the vocabulary 000"):
        LogosTokenizer.from_pretrained(tmp_path)
    with pytest.raises(ValueError, match="saved with the vocabulary 000"):
        AutoTokenizer.from_pretrained(str(tmp_path))


def test_it_survives_pickling_and_copying() -> None:
    tokenizer = LogosTokenizer(with_bos=True)
    for other in (pickle.loads(pickle.dumps(tokenizer)), copy.deepcopy(tokenizer)):
        assert other(ACETATE)["input_ids"] == tokenizer(ACETATE)["input_ids"]


@pytest.mark.parametrize("ends", [False, True])
def test_the_fast_export_has_the_same_ids(tmp_path: Path, ends: bool) -> None:
    slow = LogosTokenizer(with_bos=ends, with_eos=ends)
    slow.export_fast(tmp_path)
    for fast in (
        PreTrainedTokenizerFast.from_pretrained(str(tmp_path)),
        AutoTokenizer.from_pretrained(str(tmp_path)),
    ):
        assert fast.is_fast
        assert len(fast) == len(slow)
        for text in (ACETATE, LYSINE, EVERY_NAME):
            assert fast(text)["input_ids"] == slow(text)["input_ids"]
            assert fast.decode(fast(text)["input_ids"]) == slow.decode(slow(text)["input_ids"])
        assert (fast.pad_token_id, fast.bos_token_id, fast.eos_token_id) == (0, 1, 2)
        batch = fast([ACETATE, LYSINE], padding=True, return_tensors="np")
        same = slow([ACETATE, LYSINE], padding=True, return_tensors="np")
        assert np.array_equal(batch["input_ids"], same["input_ids"])
        unknown = fast("C nonsense C")["input_ids"][ends : 3 + ends]
        assert unknown == [384, 3, 384]
        assert fast.unk_token_id == 3
        assert 3 not in lg.vocabulary
        with pytest.raises(lg.GrammarError):
            slow.decode_object(unknown)


@pytest.mark.parametrize("write", ["save_pretrained", "export_fast"])
def test_what_is_written_is_read_where_the_library_is_not(tmp_path: Path, write: str) -> None:
    """By what the vLLM of today does: AutoTokenizer of transformers 5, and its length and names."""
    slow = LogosTokenizer(with_bos=True)
    getattr(slow, write)(tmp_path)
    program = (
        "import sys; sys.modules['logos_grammar'] = None\n"
        "from transformers import AutoTokenizer\n"
        f"read = AutoTokenizer.from_pretrained({str(tmp_path)!r})\n"
        f"ids = read({ACETATE!r})['input_ids']\n"
        "print(ids); print(read.decode(ids, skip_special_tokens=True)); print(len(read))\n"
        "print(read.all_special_ids, max(read.get_vocab().values()), read.eos_token_id)\n"
    )
    if write == "save_pretrained" and transformers.__version__ < "5":
        pytest.skip("transformers 4 looks for the class that is named")
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    ids, text, length, about = said.stdout.strip().splitlines()
    assert json.loads(ids) == slow(ACETATE)["input_ids"]
    assert (text, length) == (ACETATE, str(lg.vocabulary.size))
    assert about.endswith(f"{lg.vocabulary.size - 1} 2")


def test_with_a_kind_its_texts_are_not_read_as_names_elsewhere(tmp_path: Path) -> None:
    LogosTokenizer(kind="molecule").save_pretrained(tmp_path)
    assert not (tmp_path / "tokenizer.json").exists()
    assert LogosTokenizer.from_pretrained(tmp_path)("C")["input_ids"] == [192, 384, 193]


@pytest.mark.parametrize("kind", [None, "molecule"])
def test_with_a_first_id_each_id_is_shifted(tmp_path: Path, kind: str | None) -> None:
    plain = LogosTokenizer(kind=kind, with_bos=True, with_eos=True)
    LogosTokenizer(kind=kind, with_bos=True, with_eos=True, first_id=1_000).save_pretrained(
        tmp_path
    )
    shifted = LogosTokenizer.from_pretrained(tmp_path)
    assert not (tmp_path / "tokenizer.json").exists()
    text = "CCO" if kind else "<MoleculeS> C C O <MoleculeE>"
    ids = shifted(text)["input_ids"]
    assert ids == [1_000 + id for id in plain(text)["input_ids"]]
    assert shifted.decode(ids, skip_special_tokens=True) == text
    ethanol = Molecule.from_smiles("CCO")
    assert shifted.encode_object(ethanol) == ids
    assert shifted.decode_object([1_000, *ids, 1_000]) == ethanol
    assert len(shifted) == 1_000 + lg.vocabulary.size
    assert (shifted.bos_token_id, shifted.eos_token_id) == (1_001, 1_002)
    with pytest.raises(ValueError, match="384 is the id of no token"):
        shifted.decode([384])
    with pytest.raises(lg.GrammarError):
        shifted.decode_object(plain(text)["input_ids"])
    with pytest.raises(ValueError, match="expected no first_id"):
        shifted.export_fast(tmp_path)


def test_guidance_reads_the_fast_export(tmp_path: Path) -> None:
    """Without a decoder: "can't determine decoder type"."""
    LogosTokenizer().export_fast(tmp_path)
    fast = PreTrainedTokenizerFast.from_pretrained(str(tmp_path))
    read = guidance.from_tokenizer(fast)
    assert read.vocab_size == lg.vocabulary.size
    assert read.eos_token == 2


@pytest.mark.parametrize(("bos", "eos"), [(True, True), (True, False), (False, True)])
def test_the_fast_export_adds_the_same_ends_to_pairs(tmp_path: Path, bos: bool, eos: bool) -> None:
    slow = LogosTokenizer(with_bos=bos, with_eos=eos)
    slow.export_fast(tmp_path)
    fast = PreTrainedTokenizerFast.from_pretrained(str(tmp_path))
    wanted = slow(ACETATE, LYSINE)["input_ids"]
    assert wanted.count(1) == 2 * bos
    assert wanted.count(2) == 2 * eos
    assert fast(ACETATE, LYSINE)["input_ids"] == wanted
    pairs = [ACETATE, LYSINE], [LYSINE, ACETATE]
    batch = {"padding": True, "return_tensors": "np"}
    assert np.array_equal(fast(*pairs, **batch)["input_ids"], slow(*pairs, **batch)["input_ids"])


TEXTS_OF_KINDS = {
    "molecule": ["CCO", "C1CC1.[Na+]", "C"],
    "reaction": ["CCO>>CC=O", "C>N>O"],
    "protein": ["MK(MSE)L", ""],
    "dna": ["ACGT", "A"],
    "rna": ["ACGU", "GG(PSU)C"],
}


@pytest.mark.parametrize("kind", lg.kinds.TEXTS)
@pytest.mark.parametrize("ends", [False, True])
def test_with_a_kind_it_reads_and_writes_texts(kind: TextKind, ends: bool, tmp_path: Path) -> None:
    LogosTokenizer(kind=kind, with_bos=ends, with_eos=ends).save_pretrained(str(tmp_path))
    tokenizer = AutoTokenizer.from_pretrained(str(tmp_path))
    texts = TEXTS_OF_KINDS[kind]
    batch = tokenizer(texts, padding=True, return_tensors="np")
    for text, ids, kept in zip(texts, batch["input_ids"], batch["attention_mask"], strict=True):
        (sentence,) = lg.encode_texts(kind, [text])
        wanted = [1] * ends + sentence.tolist() + [2] * ends
        assert ids[kept == 1].tolist() == tokenizer(text)["input_ids"] == wanted
        assert tokenizer.decode(ids, skip_special_tokens=True) == text
        assert tokenizer.decode(wanted) == "<bos>" * ends + text + "<eos>" * ends
    assert tokenizer.batch_decode(batch["input_ids"], skip_special_tokens=True) == texts
    assert tokenizer.decode([0, 2]) == "<pad><eos>"


def test_with_a_kind_what_is_no_text_is_refused() -> None:
    tokenizer = LogosTokenizer(kind="molecule")
    with pytest.raises(lg.ConversionError, match=r"at character 2$") as refused:
        tokenizer("CC(=O")
    assert (refused.value.position, refused.value.record) == (2, None)
    with pytest.raises(lg.GrammarError, match="cut short at token 2;"):
        tokenizer.decode([192, 384])
    with pytest.raises(lg.GrammarError):
        tokenizer.decode(lg.encode(Protein("MK")))
    with pytest.raises(ValueError, match=r"expected a kind of text, .*say dna or rna"):
        LogosTokenizer(kind="nucleic_acid")


def test_without_a_kind_a_text_is_answered_with_what_reads_it(tokenizer: LogosTokenizer) -> None:
    for texts in ("CCO", ["CCO", "C"]):
        with pytest.raises(lg.ConversionError, match=r"no token is named CCO .*kind=.*encode_obj"):
            tokenizer(texts, padding=True)


@pytest.mark.parametrize(
    ("kind", "batch", "said"),
    [
        ("molecule", ["CCO", "C("], "expected an atom at character 2 of record 1"),
        ("molecule", ("C(", "CCO"), "expected an atom at character 2 of record 0"),
        ("molecule", [("CC", "C"), ("C", "C(")], "expected an atom at character 2 of record 1"),
        (None, ["C O", "C Q"], "no token is named Q at character 2 of record 1: expected names"),
        (None, ["C", "C", "C  C"], "one space too many at character 2 of record 2: expected"),
    ],
)
def test_one_text_of_many_is_refused_with_its_row(
    kind: TextKind | None, batch: Any, said: str
) -> None:
    tokenizer = LogosTokenizer(kind=kind)
    row = int(said.split("of record ")[1][0])
    for options in ({}, {"padding": True, "return_tensors": "np"}):
        with pytest.raises(lg.ConversionError, match=f"^{said}") as refused:
            tokenizer(batch, **options)
        assert (refused.value.position, refused.value.record) == (2, row)


def test_a_refused_pair_or_target_has_its_row() -> None:
    tokenizer = LogosTokenizer(kind="molecule")
    for texts in (
        {"text": ["CCO", "C"], "text_pair": ["C", "C("]},
        {"text": ["CCO", "C"], "text_target": ["C", "C("]},
        {"text_target": ["C", "C("]},
        {"text_target": ["C", "CC"], "text_pair_target": ["C", "C("]},
    ):
        with pytest.raises(lg.ConversionError, match=r"at character 2 of record 1$") as refused:
            tokenizer(**texts)
        assert refused.value.record == 1
    with pytest.raises(lg.ConversionError, match=r"at character 2$") as refused:
        tokenizer("CCO", text_target="C(")
    assert refused.value.record is None


def test_without_transformers_it_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['transformers'] = None\n"
        "try:\n    import logos_grammar.serving.tokenizer\n"
        "except ImportError as error:\n    print(error)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip().endswith("pip install 'logos-grammar[transformers]'")


def test_the_library_does_not_load_transformers() -> None:
    program = "import sys, logos_grammar; print('transformers' in sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "False"
