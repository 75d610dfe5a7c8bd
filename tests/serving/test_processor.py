"""The processor of scores: exactly what can follow keeps its score, whatever rows it is given."""

from __future__ import annotations

import copy

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import logos_grammar as lg
from logos_grammar.serving.transformers import GrammarLogitsProcessor

PAD, BOS, EOS = 0, 1, 2


@st.composite
def walks(draw: st.DrawFn) -> list[list[int]]:
    """Rows of one length, each the beginning of a sentence behind padding and <bos>."""
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        ids: list[int] = []
        for _ in range(draw(st.integers(0, 9))):
            allowed = lg.next_ids(ids).tolist()
            if not allowed:
                break
            ids.append(draw(st.sampled_from(allowed)))
        rows.append([BOS, *ids])
    width = max(map(len, rows))
    return [[PAD] * (width - len(row)) + row for row in rows]


@given(rows=walks(), width=st.sampled_from([8192, 8193, 8200, 8224, 10000]))
@settings(max_examples=40)
def test_exactly_what_can_follow_keeps_its_score(rows: list[list[int]], width: int) -> None:
    scores = torch.randn(len(rows), width)
    before = scores.clone()
    masked = GrammarLogitsProcessor()(torch.tensor(rows), scores)
    assert torch.equal(scores, before)
    for row, old, new in zip(rows, before, masked, strict=True):
        sentence = row[row.index(BOS) + 1 :]
        allowed = lg.next_ids(sentence).tolist() or [EOS]
        assert torch.isfinite(new).nonzero().flatten().tolist() == allowed
        assert torch.equal(new[allowed], old[allowed])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16, torch.float64])
def test_scores_of_every_precision_are_masked(dtype: torch.dtype) -> None:
    masked = GrammarLogitsProcessor(None)(torch.tensor([[BOS]]), torch.ones(1, 8192, dtype=dtype))
    assert masked.dtype == dtype
    assert torch.isfinite(masked).sum() == len(lg.next_ids([]))


def test_behind_a_stop_id_there_are_stop_ids_and_padding() -> None:
    processor = GrammarLogitsProcessor(stop_ids=(EOS, 8000), pad_id=PAD)
    protein = lg.encode(lg.protein.Protein("A")).tolist()
    for behind, allowed in (
        ([], [EOS, 8000]),
        ([EOS], [PAD, EOS, 8000]),
        ([8000], [PAD, EOS, 8000]),
        ([EOS, PAD], [PAD, EOS, 8000]),
        ([EOS, EOS, PAD], [PAD, EOS, 8000]),
    ):
        masked = processor(torch.tensor([[BOS, *protein, *behind]]), torch.zeros(1, 8192))
        assert torch.isfinite(masked[0]).nonzero().flatten().tolist() == allowed


def test_what_is_kept_changes_nothing() -> None:
    """States are only kept to save time: with none kept, reordered or repeated, it is the same."""
    generator = torch.Generator().manual_seed(0)
    kept = GrammarLogitsProcessor(max_length=15)
    bare = GrammarLogitsProcessor(max_length=15, states=0)
    rows = torch.full((6, 1), BOS)
    while rows.shape[1] < 15:
        scores = torch.randn(6, 8192, generator=generator)
        masked = kept(rows, scores)
        bare.forget()
        assert torch.equal(masked, bare(rows, scores))
        drawn = torch.multinomial(masked.softmax(-1), 1, generator=generator)
        order = torch.randint(6, (6,), generator=generator)
        rows = torch.cat([rows, drawn], dim=1)[order]
    for row in rows:
        lg.decode(kept.sentence_of(row))


def test_only_a_draft_may_be_refused() -> None:
    """A refused token is let pass behind a row of the last call, where a draft model put it."""
    processor = GrammarLogitsProcessor("molecule")
    good, draft, further = [BOS, 192, 384], [BOS, 192, 384, 33], [BOS, 192, 384, 33, 384]
    processor(torch.tensor([good]), torch.zeros(1, 8192))
    for row in (draft, further):
        masked = processor(torch.tensor([row]), torch.zeros(1, 8192))
        assert torch.isfinite(masked[0]).nonzero().flatten().tolist() == [EOS]
    processor(torch.tensor([good]), torch.zeros(1, 8192))
    with pytest.raises(lg.GrammarError, match="row 0: unexpected <ProteinE> at token 2"):
        processor(torch.tensor([further]), torch.zeros(1, 8192))
    processor(torch.tensor([[BOS]]), torch.zeros(1, 8192))
    with pytest.raises(lg.GrammarError, match="row 0: unexpected <ProteinE> at token 2"):
        processor(torch.tensor([draft]), torch.zeros(1, 8192))


def test_a_copy_begins_anew_or_where_it_was() -> None:
    processor = GrammarLogitsProcessor("molecule", budget=9)
    scores = torch.randn(1, 8192)
    processor(torch.tensor([[BOS, 192]]), scores)
    twin = copy.deepcopy(processor)
    for row in ([BOS, 192, 384], [BOS, 192, 385]):
        assert torch.equal(
            twin(torch.tensor([row]), scores), processor(torch.tensor([row]), scores)
        )
