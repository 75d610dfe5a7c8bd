"""Generation with transformers: whatever the strategy, every output is a sentence that decodes."""

from __future__ import annotations

import subprocess
import sys
from typing import Any, cast

import numpy as np
import pytest
import torch
from rdkit import Chem
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM

import logos_grammar as lg
from logos_grammar.serving.generation import Generated, generate
from logos_grammar.serving.transformers import GrammarLogitsProcessor

PAD, BOS, EOS = 0, 1, 2
OPENING = {"molecule": "<MoleculeS>", "protein": "<ProteinS>", "reaction": "<ReactionS>"}
STRATEGIES: dict[str, dict[str, Any]] = {
    "greedy": {},
    "sampling": {"do_sample": True, "num_return_sequences": 5},
    "sampling, cold, with top-k and top-p": {
        "do_sample": True,
        "temperature": 0.1,
        "top_k": 3,
        "top_p": 0.5,
        "num_return_sequences": 3,
    },
    "sampling, hot": {"do_sample": True, "temperature": 5.0, "top_k": 0, "num_return_sequences": 5},
    "beams": {"num_beams": 4, "num_return_sequences": 4},
    "beams, stopping early": {"num_beams": 3, "num_return_sequences": 2, "early_stopping": True},
    "beams, sampling": {"num_beams": 4, "do_sample": True, "num_return_sequences": 3},
    "assisted": {"assistant_model": True},
    "assisted, sampling": {"assistant_model": True, "do_sample": True},
    "prompt lookup": {"prompt_lookup_num_tokens": 3},
    "prompt lookup, sampling": {"prompt_lookup_num_tokens": 3, "do_sample": True},
}


def llama(*, seed: int, width: int = lg.vocabulary.size, hidden: int = 32) -> LlamaForCausalLM:
    """A model that has learnt nothing, but has preferences."""
    torch.manual_seed(seed)
    shape = LlamaConfig(
        vocab_size=width,
        hidden_size=hidden,
        intermediate_size=2 * hidden,
        num_hidden_layers=1,
        num_attention_heads=2,
        initializer_range=0.3,
        bos_token_id=BOS,
        eos_token_id=EOS,
        pad_token_id=PAD,
    )
    model = LlamaForCausalLM(shape)
    model.train(False)
    return model


@pytest.fixture(scope="module")
def model() -> LlamaForCausalLM:
    return llama(seed=0)


@pytest.fixture(scope="module")
def assistant() -> LlamaForCausalLM:
    return llama(seed=1, hidden=16)


def check(generated: Generated, kind: str | None, *, within: int) -> None:
    """Every row is a sentence of the kind, as long as was asked, then stop ids and padding."""
    for ids in generated.sentences:
        assert lg.encode(lg.decode(ids)).tolist() == ids.tolist()
        assert len(ids) <= within
        if kind is not None:
            assert lg.vocabulary.name(int(ids[0])) == OPENING[kind]


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize(
    ("kind", "limit"),
    [
        ("molecule", 8),
        ("molecule", 20),
        ("protein", 8),
        ("reaction", 8),
        ("reaction", 17),
        (None, 12),
    ],
)
def test_every_output_is_a_sentence(
    model: LlamaForCausalLM,
    assistant: LlamaForCausalLM,
    strategy: str,
    kind: str | None,
    limit: int,
) -> None:
    options = dict(STRATEGIES[strategy])
    if options.pop("assistant_model", False):
        options["assistant_model"] = assistant
    torch.manual_seed(limit)
    generated = generate(model, kind=kind, max_new_tokens=limit, **options)
    check(generated, kind, within=limit)
    assert len(generated.sentences) == options.get("num_return_sequences", 1)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_under_a_profile_every_output_is_a_possible_molecule(
    model: LlamaForCausalLM, assistant: LlamaForCausalLM, strategy: str
) -> None:
    options = dict(STRATEGIES[strategy])
    if options.pop("assistant_model", False):
        options["assistant_model"] = assistant
    torch.manual_seed(7)
    generated = generate(
        model, kind="molecule", profile="kekule+valence", max_new_tokens=16, **options
    )
    check(generated, "molecule", within=16)
    for ids in generated.sentences:
        molecule = lg.decode(ids)
        assert isinstance(molecule, lg.molecule.Molecule)
        assert Chem.MolFromSmiles(molecule.to_smiles()) is not None


@pytest.mark.parametrize("strategy", ["greedy", "sampling", "beams", "beams, sampling"])
def test_prompts_of_several_lengths_are_continued(model: LlamaForCausalLM, strategy: str) -> None:
    acid = lg.encode(lg.molecule.Molecule.from_smiles("OC(=O)C1CC1")).tolist()
    prompts = [[BOS, *acid[:length]] for length in (0, 1, 5, 8, len(acid) - 1, len(acid))]
    options = STRATEGIES[strategy]
    generated = generate(model, prompts, kind="molecule", max_new_tokens=8, **options)
    check(generated, "molecule", within=8 + len(acid))
    each = options.get("num_return_sequences", 1)
    for row, ids in enumerate(generated.sentences):
        begun = prompts[row // each][1:]
        assert ids[: len(begun)].tolist() == begun
        assert len(ids) <= len(begun) + 8


def test_padding_changes_nothing(model: LlamaForCausalLM) -> None:
    prompts = [[BOS], [BOS, 192], [BOS, 192, 384, 388, 384, 384]]
    options: dict[str, Any] = {"kind": "molecule", "max_new_tokens": 12}
    together = generate(model, prompts, **options).sentences
    alone = [generate(model, [prompt], **options).sentences[0] for prompt in prompts]
    assert [ids.tolist() for ids in together] == [ids.tolist() for ids in alone]


def test_without_bos_the_sentence_begins_behind_the_padding(model: LlamaForCausalLM) -> None:
    sentence = lg.encode(lg.protein.Protein("MKV")).tolist()
    generated = generate(
        model, [sentence[:3], sentence[:1]], kind="protein", max_new_tokens=6, do_sample=True
    )
    check(generated, "protein", within=9)
    assert generated.sentences[0][:3].tolist() == sentence[:3]


def test_the_sentence_begins_behind_the_last_bos(model: LlamaForCausalLM) -> None:
    earlier = [BOS, *lg.encode(lg.protein.Protein("MK")).tolist(), EOS]
    opening = lg.vocabulary.id("<MoleculeS>")
    generated = generate(model, [[*earlier, BOS, opening], earlier[:1]], max_new_tokens=8)
    check(generated, None, within=9)
    assert generated.sentences[0][0] == opening


def test_what_comes_before_the_sentence_is_left_alone(model: LlamaForCausalLM) -> None:
    condition = lg.encode(lg.protein.Protein("MKV")).tolist()
    prompts = [[BOS, *condition], [BOS, *condition[1:3]]]
    generated = generate(model, prompts, kind="molecule", context=True, max_new_tokens=9)
    check(generated, "molecule", within=9)


def test_a_separator_and_wider_logits_are_possible() -> None:
    wide = llama(seed=2, width=lg.vocabulary.size + 70)
    separator, stop = lg.vocabulary.size + 3, lg.vocabulary.size + 69
    opening = lg.vocabulary.id("<ReactionS>")
    prompts = [[BOS, 5000, separator, opening], [8200, 8200, 8201, separator]]
    generated = generate(
        wide,
        prompts,
        kind="reaction",
        begin_id=separator,
        eos_token_id=[EOS, stop],
        max_new_tokens=12,
        do_sample=True,
        temperature=5.0,
        num_return_sequences=6,
    )
    check(generated, "reaction", within=13)
    for row, ids in zip(generated.sequences.tolist(), generated.sentences, strict=True):
        begin = row.index(separator) + 1
        assert row[begin : begin + len(ids)] == ids.tolist()
        assert set(row[begin + len(ids) :]) <= {PAD, EOS, stop}


def test_a_prompt_that_cannot_finish_is_refused_at_once(model: LlamaForCausalLM) -> None:
    whole = lg.encode(lg.molecule.Molecule.from_smiles("C1CC(C2CC12)")).tolist()
    generate(model, [[BOS], [BOS, *whole[:-3]]], kind="molecule", max_new_tokens=3)
    with pytest.raises(
        lg.GrammarError, match=r"row 1: expected room for 3 more tokens.* got 2"
    ) as e:
        generate(model, [[BOS, *whole[:-1]], [BOS, *whole[:-3]]], kind="molecule", max_new_tokens=2)
    assert (e.value.record, e.value.position) == (1, len(whole) - 3)


def test_a_prompt_that_begins_no_sentence_is_refused_where_it_breaks(
    model: LlamaForCausalLM,
) -> None:
    ids = [192, 384, 528, 193]
    with pytest.raises(lg.GrammarError, match=r"row 0: .* at token 3 breaks closes_within") as e:
        generate(model, [[BOS, *ids]], max_new_tokens=9)
    assert (e.value.record, e.value.position) == (0, 3)
    assert e.value.condition == "closes_within(ring_open, ring_close, component)"
    with pytest.raises(lg.GrammarError, match="row 0: unexpected <ProteinS> at token 0"):
        generate(model, [[BOS, 32]], kind="molecule", max_new_tokens=9)
    with pytest.raises(lg.GrammarError, match="row 0: unexpected id 9000 at token 1"):
        GrammarLogitsProcessor()(torch.tensor([[BOS, 192, 9000]]), torch.zeros(1, 8192))
    with pytest.raises(lg.GrammarError, match="expected a stop id"):
        GrammarLogitsProcessor()(torch.tensor([[BOS, 32, 33, 384]]), torch.zeros(1, 8192))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"max_new_tokens": 9, "min_new_tokens": 3}, "expected no min_length"),
        ({"max_new_tokens": 9, "forced_eos_token_id": 2}, "no forced_eos_token_id"),
        ({"max_new_tokens": 9, "eos_token_id": 193}, "got 193, which is <MoleculeE>"),
        ({"max_new_tokens": 9, "kind": "sonnet"}, "expected a kind of object"),
        ({"max_new_tokens": 9, "profile": "sonnet"}, "expected the profile"),
        ({"max_new_tokens": 9, "begin_id": 192}, "begin_id: expected <bos> .* got <MoleculeS>"),
        ({"max_new_tokens": 9, "begin_id": 9000}, "expected id 9000"),
        ({"max_new_tokens": 9, "prompts": [[BOS], []]}, "at least one id in every prompt"),
        ({"max_length": None}, "expected max_new_tokens or max_length"),
        ({"max_new_tokens": 9, "bad_words_ids": [[192]]}, "a processor before this one masks"),
    ],
)
def test_what_would_end_in_no_sentence_is_refused(
    model: LlamaForCausalLM, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        generate(model, **{"kind": "molecule", **options})


def test_a_generation_that_never_stops_is_refused() -> None:
    config = GenerationConfig(max_new_tokens=9)  # type: ignore[no-untyped-call]
    with pytest.raises(ValueError, match="expected a stop id, got none"):
        GrammarLogitsProcessor.for_generation(config, torch.tensor([[BOS]]))
    with pytest.raises(ValueError, match="expected logits of 8192 ids at least, got 100"):
        GrammarLogitsProcessor()(torch.tensor([[BOS]]), torch.zeros(1, 100))


@pytest.mark.parametrize("options", [{}, {"do_sample": True}, {"length_penalty": 0.0}])
def test_beams_that_found_no_sentence_have_none(
    model: LlamaForCausalLM, options: dict[str, Any]
) -> None:
    """Two tokens are one protein only, and beam search fills up the rest."""
    torch.manual_seed(0)
    beams = {"num_beams": 6, "num_return_sequences": 6, **options}
    generated = generate(model, kind="protein", max_new_tokens=2, **beams)
    assert generated.sentences[0].tolist() == [32, 33]
    assert {tuple(ids.tolist()) for ids in generated.sentences} <= {(32, 33), ()}


def test_a_sentence_that_is_cut_short_is_none(model: LlamaForCausalLM) -> None:
    """By what is not the limit, and which no mask can foresee: here by the clock."""
    generated = generate(model, kind="molecule", max_new_tokens=9, max_time=0.0)
    assert generated.sequences.shape == (1, 2)
    assert [len(ids) for ids in generated.sentences] == [0]


def test_one_processor_serves_any_number_of_calls(
    model: LlamaForCausalLM, assistant: LlamaForCausalLM
) -> None:
    calls: list[tuple[list[list[int]], dict[str, Any]]] = [
        ([[BOS]], {"do_sample": True, "num_return_sequences": 4}),
        ([[BOS]], {"num_beams": 3}),
        ([[PAD, BOS, 192], [BOS, 192, 384]], {"do_sample": True}),
        ([[BOS, 192]], {"assistant_model": assistant}),
        ([[BOS]], {"do_sample": True, "num_return_sequences": 4}),
        ([[PAD, PAD, PAD, BOS], [BOS, 192, 384, 384]], {"num_beams": 2, "do_sample": True}),
    ]
    one = GrammarLogitsProcessor("molecule", budget=10)
    for prompts, options in calls:
        rows = []
        for processor in (one, GrammarLogitsProcessor("molecule", budget=10)):
            torch.manual_seed(3)
            run = cast(Any, model).generate
            ids = torch.tensor(prompts)
            rows.append(
                run(
                    ids,
                    attention_mask=(ids != PAD).long(),
                    max_new_tokens=10,
                    logits_processor=[processor],
                    **options,
                )
            )
        assert torch.equal(*rows)
        for row in rows[0]:
            lg.decode(one.sentence_of(row))


def test_the_log_is_what_the_masks_left(model: LlamaForCausalLM) -> None:
    torch.manual_seed(5)
    prompts = [[BOS, 192, 384], [BOS]]
    generated = generate(
        model,
        prompts,
        kind="molecule",
        max_new_tokens=10,
        do_sample=True,
        num_return_sequences=2,
        with_log=True,
        output_logits=True,
        return_dict_in_generate=True,
    )
    assert generated.log_kept is not None
    logits = torch.stack(generated.output.logits, dim=1).double().log_softmax(-1).numpy()
    for number, (row, values) in enumerate(
        zip(generated.sequences.tolist(), generated.log_kept, strict=True)
    ):
        sentence = generated.sentences[number].tolist()
        begun = len(prompts[number // 2]) - 1
        allowed = [
            _allowed(sentence[:length], begun + 10) for length in range(begun, len(sentence) + 1)
        ]
        steps = min(10, len(allowed))
        expected = [np.logaddexp.reduce(logits[number, at, allowed[at]]) for at in range(steps)]
        assert values == pytest.approx(expected, abs=1e-4)
        assert (values <= 1e-6).all()
        assert row[3 : 3 + steps] == ([*sentence, EOS])[begun : begun + steps]


def _allowed(ids: list[int], budget: int) -> list[int]:
    recognizer = lg.Recognizer("molecule", budget=budget)
    recognizer.accept_many(np.array(ids, dtype=np.uint16))
    return recognizer.allowed().tolist() or [EOS]


@pytest.mark.parametrize("missing", ["torch", "transformers"])
@pytest.mark.parametrize("module", ["transformers", "generation"])
def test_without_a_library_it_says_what_to_install(missing: str, module: str) -> None:
    program = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        f"try:\n    import logos_grammar.serving.{module}\n"
        "except ImportError as error:\n    print(error)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip().endswith("pip install 'logos-grammar[serving]'")
