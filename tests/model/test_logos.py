"""From objects of the real grammar to shards, a model, and samples that decode."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from rdkit import Chem

import logos_grammar
from logos_grammar.antibody import Antibody, Chain
from logos_grammar.texts import Kind
from logos_model import generate, train
from logos_model.config import ConfigError, ModelConfig
from logos_model.decoder import Decoder
from logos_model.generation.sampling import Sampling
from logos_model.generation.slots import draw
from logos_model.grammar import LogosGrammar

WriteShard = Callable[..., Path]

EOS = 2
SMILES = [
    "CCO",
    "CC(=O)Oc1ccccc1C(=O)O",
    "C[C@H](N)C(=O)O",
    "CN1C=NC2=C1C(=O)N(C(=O)N2C)C",
    "[Na+].[Cl-]",
    "c1ccc2[nH]ccc2c1",
    "C/C=C/C",
    "O=C(O)C[C@H](O)C(=O)O",
]
PROTEINS = ["MKTAYIAKQR", "GSHMLEDP", "ACDEFGHIKLMNPQRSTVWY"]


@pytest.fixture
def shards(write_shard: WriteShard) -> Path:
    sentences = [
        *logos_grammar.encode_texts("molecule", SMILES * 40),
        *logos_grammar.encode_texts("protein", PROTEINS * 20),
    ]
    documents = [[*ids.tolist(), EOS] for ids in sentences]
    fingerprint = logos_grammar.vocabulary.fingerprint
    return write_shard("shards/sample", documents, fingerprint=fingerprint)


@pytest.mark.parametrize("kind", ["molecule", "reaction", "protein", None])
@pytest.mark.parametrize("limit", [8, 40])
def test_an_untrained_model_writes_whole_sentences_within_any_limit(
    kind: str | None, limit: int
) -> None:
    grammar = LogosGrammar()
    model = Decoder(
        ModelConfig(
            vocabulary_rows=grammar.size,
            hidden_size=16,
            intermediate_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            num_key_value_heads=1,
            head_dim=8,
            max_position_embeddings=64,
        )
    )
    model.initialize(seed=1)
    prefix = logos_grammar.prompt(kind).ids
    samples = draw(model, grammar, count=20, limit=limit, prefix=prefix, sampling=Sampling(seed=2))
    assert all(sample.text is not None and len(sample.ids) <= limit for sample in samples)
    with pytest.raises(ConfigError, match=r"expected a limit of at least 1\d tokens"):
        draw(model, grammar, count=1, limit=9, prefix=[*logos_grammar.prompt("antibody").ids, 1058])


def test_the_grammar_names_its_kinds() -> None:
    grammar = LogosGrammar()
    kinds = grammar.kinds()
    assert {"molecule", "reaction", "protein", "dna", "rna", "antibody"} <= kinds.keys()
    assert kinds["molecule"] == logos_grammar.vocabulary.id("<MoleculeS>")
    assert grammar.size == logos_grammar.vocabulary.size
    assert grammar.fingerprint == logos_grammar.vocabulary.fingerprint


def test_rows_hold_every_id_that_a_kind_may_need() -> None:
    grammar, words = LogosGrammar(), logos_grammar.vocabulary
    rings = next(block for block in words.blocks if block.name == "ring_close")
    molecules = grammar.rows_for(rings.base + 3)
    assert molecules == 1152 >= rings.base + rings.size
    isotope = int(logos_grammar.encode_texts("molecule", ["[2H]C"])[0].max())
    assert grammar.rows_for(isotope) == 2176
    assert not grammar.usable(2176)[2176:].any()
    assert grammar.usable(2176)[isotope]
    assert grammar.rows_for(words.size - 1) == words.size


def test_a_narrow_model_uses_no_id_that_needs_others() -> None:
    usable = LogosGrammar().usable(1152)
    words = logos_grammar.vocabulary
    map_number = logos_grammar.encode_texts("molecule", ["[CH4:7]"])[0]
    before = int(np.flatnonzero(map_number >= 1152)[0]) - 1
    assert not usable[map_number[before]], "only a number can follow"
    assert all(usable[words.id(name)] for name in ("<MoleculeS>", "<ProteinS>", "<EditS>"))
    assert not usable[1152:].any()
    assert LogosGrammar().usable(words.size)[map_number].all()


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("molecule", "C[C@H](N)C(=O)O"),
        ("reaction", "CCO.CC(=O)O>>CCOC(C)=O"),
        ("protein", "MKTAYIAKQR"),
        ("dna", "ACGTN"),
    ],
)
def test_a_sentence_is_read_as_text(kind: Kind, text: str) -> None:
    assert LogosGrammar().to_text(logos_grammar.encode_texts(kind, [text])[0]) == text


def test_what_has_no_text_of_its_own_is_read_as_tokens() -> None:
    chain = Chain("heavy", "EVQ", "GFT", "WVR", "ISG", "RFT", "AR", "WGQ")
    text = LogosGrammar().to_text(logos_grammar.encode(Antibody(heavy=chain)))
    assert text.startswith("<AntibodyS><Heavy><FR1>EVQ<CDR1>GFT")
    assert text.endswith("<FR4>WGQ<AntibodyE>")


def test_what_is_no_sentence_is_refused() -> None:
    ids = logos_grammar.encode_texts("molecule", ["CCO"])[0]
    with pytest.raises(logos_grammar.GrammarError):
        LogosGrammar().to_text(ids[:-1])


def test_the_command_trains_samples_and_goes_on(
    shards: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    command = ["--data", str(shards.parent), "--out", str(out), "--steps", "12"]
    command += ["--context", "96", "--batch-rows", "4", "--device", "cpu", "--samples", "5"]
    assert train.main([*command, "--stop-after", "6"]) == 0
    assert not (out / "samples.txt").exists()
    assert train.main([*command, "--resume"]) == 0
    records = [json.loads(line) for line in (out / "samples.jsonl").open()]
    assert [record["kind"] for record in records] == ["molecule"] * 5 + ["protein"] * 5
    for record in records:
        assert record["error"] is None
        assert record["ended"] == (record["text"] is not None)
        ids = np.array(record["ids"], dtype=np.uint16)
        if record["ended"]:
            assert logos_grammar.check(ids) is None
            back = logos_grammar.encode_texts(record["kind"], [record["text"]])[0]
            assert logos_grammar.decode(back) == logos_grammar.decode(ids)
    assert (out / "loss.png").is_file()
    assert "molecule: 5 samples:" in capsys.readouterr().out

    drawn = ["--checkpoint", str(out), "--n", "4", "--limit", "60", "--out", str(out / "drawn")]
    assert generate.main([*drawn, "--kind", "protein"]) == 0
    assert "4 samples:" in capsys.readouterr().err
    assert generate.main(drawn) == 0
    capsys.readouterr()
    with pytest.raises(SystemExit, match=r"expected a kind of object, one of .*molecule"):
        generate.main([*drawn, "--kind", "cheese"])
    kekule = ["--kind", "molecule", "--profile", "kekule+valence"]
    assert generate.main([*drawn, *kekule]) == 0
    texts = capsys.readouterr().out.split()
    assert len(texts) == 4
    assert all(Chem.MolFromSmiles(text) for text in texts)
    records = [json.loads(line) for line in (out / "drawn" / "samples.jsonl").open()]
    tokens = {id for record in records for id in record["ids"]}
    assert "aromatic" not in {logos_grammar.vocabulary.block_of(id).name for id in tokens}
    with pytest.raises(SystemExit, match="expected a kind with molecules"):
        generate.main([*drawn, "--kind", "protein", "--profile", "aromatic"])
    with pytest.raises(SystemExit, match="expected a limit of at least 3 tokens"):
        generate.main(["--checkpoint", str(out), "--kind", "molecule", "--limit", "2"])
    with pytest.raises(SystemExit, match="expected a --profile among"):
        generate.main([*drawn, "--profile", "cheese"])
    with pytest.raises(SystemExit, match="expected a limit from 1 to 96"):
        generate.main(["--checkpoint", str(out), "--limit", "97"])


def test_what_cannot_be_done_is_said_in_a_sentence(shards: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "run")
    with pytest.raises(SystemExit, match="expected a folder of shards"):
        train.main(["--data", str(tmp_path / "nothing"), "--out", out])
    with pytest.raises(SystemExit, match=r"expected a run in .*, it has no config"):
        train.main(["--data", str(shards), "--out", out, "--resume"])
    with pytest.raises(SystemExit, match="expected a device such as cpu"):
        train.main(["--data", str(shards), "--out", out, "--device", "toaster"])
    with pytest.raises(SystemExit, match="expected at least one thread, got 0"):
        train.main(["--data", str(shards), "--out", out, "--threads", "0"])
    with pytest.raises(SystemExit, match="expected a checkpoint, or a run with one"):
        generate.main(["--checkpoint", out])
