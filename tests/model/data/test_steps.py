"""Every document is said once, in an order that does not depend on ranks and can be resumed."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from logos_model.batches import Pass
from logos_model.config import BOS, IGNORED, PAD, ConfigError
from logos_model.data.shards import ShardError
from logos_model.data.steps import Data, Step
from logos_model.data_config import DataConfig, SourceConfig
from logos_model.grammar import Grammar

WriteShard = Callable[..., Path]
Documents = list[list[int]]
OpenData = Callable[..., Data]


@pytest.fixture
def open_data(grammar: Grammar, write_shard: WriteShard, documents: Documents) -> OpenData:
    """Return a function that opens one source of the documents."""

    def opened(context: int = 48, *, window: int = 64, **options: object) -> Data:
        path = write_shard("data/words", documents)
        source = SourceConfig(name="words", paths=(str(path),), **options)  # type: ignore[arg-type]
        config = DataConfig(sources=(source,), window=window, held_out=0.0)
        return Data(config, grammar=grammar, context=context, seed=5, vocab_size=64)

    return opened


def pieces_of(built: Pass) -> list[tuple[list[int], list[int], int]]:
    """Return what is read, what is to be said and the first position, for each document."""
    found = []
    begins = np.unique(built.begin_N.numpy()).tolist()
    for begin in begins:
        end = int(built.end_N[begin])
        here = slice(begin, end)
        assert (built.begin_N[here] == begin).all()
        assert (built.end_N[here] == end).all()
        first = int(built.position_N[begin])
        assert built.position_N[here].tolist() == list(range(first, first + end - begin))
        if int(built.ids_N[begin]) == PAD:
            assert end == begin + 1
            assert int(built.targets_N[begin]) == IGNORED
        else:
            found.append((built.ids_N[here].tolist(), built.targets_N[here].tolist(), first))
    return found


def once(data: Data, rows: int = 1) -> Iterator[Pass]:
    """Yield the passes of the first epoch, of one row each."""
    (name,) = [source.config.name for source in data.sources]
    for step in data.steps(rows=rows):
        yield from step.passes
        if step.after[name]["epoch"]:
            return


def assert_same(one: Step, other: Step) -> None:
    assert one.after == other.after
    for mine, yours in zip(one.passes, other.passes, strict=True):
        assert mine.documents is yours.documents is None
        for name in vars(mine).keys() - {"documents"}:
            assert torch.equal(getattr(mine, name), getattr(yours, name)), name


def test_an_epoch_says_every_document_once(open_data: OpenData, documents: Documents) -> None:
    said = [said for built in once(open_data()) for _, said, _ in pieces_of(built)]
    assert sorted(said) == sorted(documents)


def test_a_place_reads_the_token_before_the_one_it_says(open_data: OpenData) -> None:
    for built in once(open_data()):
        for read, said, first in pieces_of(built):
            assert read == [BOS, *said[:-1]]
            assert first == 0


def test_rows_are_full_and_shapes_fixed(open_data: OpenData) -> None:
    passes = [step.passes[0] for step in itertools.islice(open_data().steps(rows=4), 20)]
    assert {len(built.ids_N) for built in passes} == {4 * 48}
    assert {built.ids_N.dtype for built in passes} == {torch.int64}
    assert {built.begin_N.dtype for built in passes} == {torch.int32}
    assert sum(built.targets for built in passes) > 0.9 * sum(len(built.ids_N) for built in passes)


def test_later_pieces_of_a_split_document_go_on(open_data: OpenData, documents: Documents) -> None:
    data = open_data(context=7)
    assert f"{sum(len(one) > 7 for one in documents)} longer than a row split" in str(data)
    pieces = [piece for built in once(data) for piece in pieces_of(built)]
    assert len(pieces) > len(documents)
    said = sorted(itertools.chain(*(said for _, said, _ in pieces)))
    assert said == sorted(itertools.chain(*documents))
    for read, said, first in pieces:
        assert (read[0] == BOS) == (first == 0)
        assert read[1:] == said[:-1]
        if first:
            # The token that is read first is the one said last in the piece before.
            assert any(one[first - 1 : first + len(said)] == [read[0], *said] for one in documents)


def test_long_documents_are_refused_and_counted(open_data: OpenData, documents: Documents) -> None:
    data = open_data(context=12, long_documents="refuse")
    short = [document for document in documents if len(document) <= 12]
    said = [said for built in once(data) for _, said, _ in pieces_of(built)]
    assert sorted(said) == sorted(short)
    assert f"{len(documents) - len(short)} longer than a row refused" in str(data)
    with pytest.raises(ShardError, match="expected documents of at most 2 tokens"):
        open_data(context=2, long_documents="refuse")


def test_long_documents_are_cropped_to_sentences(
    grammar: Grammar, write_shard: WriteShard, documents: Documents
) -> None:
    plain = [document for document in documents if 13 not in document]
    path = write_shard("plain", plain)
    source = SourceConfig(name="words", paths=(str(path),), long_documents="crop")
    config = DataConfig(sources=(source,), held_out=0.0)
    data = Data(config, grammar=grammar, context=8, seed=5)
    said = [said for built in once(data) for _, said, _ in pieces_of(built)]
    assert len(said) == len(plain)
    assert "longer than a row cropped" in str(data)
    assert max(map(len, said)) == 8 < max(map(len, plain))
    for one in said:
        grammar.to_text(np.array(one[:-1], dtype=np.uint16))


def test_what_cannot_be_cropped_is_refused_in_a_sentence(open_data: OpenData) -> None:
    data = open_data(context=8, long_documents="crop")
    with pytest.raises(ShardError, match=r"of a type that can be cropped, got .*with brackets"):
        list(once(data))


@pytest.mark.parametrize("options", [{}, {"augmentation": "atom_order"}])
def test_steps_are_the_same_from_every_place(
    open_data: OpenData, options: dict[str, object]
) -> None:
    data = open_data(**options)
    steps = list(itertools.islice(data.steps(rows=3), 120))
    assert steps[-1].after["words"]["epoch"] > 1, "the test should see several epochs"
    for taken in range(0, 119, 13):
        fresh = open_data(**options).steps(rows=3, after=steps[taken].after)
        for old, new in zip(steps[taken + 1 :], fresh, strict=False):
            assert_same(old, new)


@pytest.mark.parametrize(("ranks", "passes"), [(1, 4), (2, 2), (4, 1), (1, 1)])
def test_a_step_does_not_depend_on_ranks(open_data: OpenData, ranks: int, passes: int) -> None:
    data = open_data()
    whole = itertools.islice(data.steps(rows=8), 12)
    shares = [data.steps(rows=8, rank=rank, ranks=ranks, passes=passes) for rank in range(ranks)]
    for step in whole:
        parts = [next(share) for share in shares]
        assert all(part.after == step.after for part in parts)
        built = [one for part in parts for one in part.passes]
        for name in ("ids_N", "targets_N", "position_N"):
            joined = torch.cat([getattr(one, name) for one in built])
            assert torch.equal(joined, getattr(step.passes[0], name))


def test_rows_that_ranks_do_not_divide_are_refused(open_data: OpenData) -> None:
    with pytest.raises(ConfigError, match="2 ranks times 2 passes divide, got 6"):
        next(open_data().steps(rows=6, ranks=2, passes=2))


def test_epochs_differ_in_order_and_not_in_content(
    open_data: OpenData, documents: Documents
) -> None:
    epochs: list[list[list[int]]] = [[], [], []]
    epoch = 0
    for step in open_data().steps(rows=1):
        epochs[epoch] += [said for _, said, _ in pieces_of(step.passes[0])]
        epoch = step.after["words"]["epoch"]
        if epoch == 2:
            break
    assert epochs[0] != epochs[1]
    assert sorted(epochs[0]) == sorted(epochs[1]) == sorted(documents)


def test_ids_beyond_the_model_are_refused(grammar: Grammar, write_shard: WriteShard) -> None:
    path = write_shard("odd", [[3, 64, 4, 2]])
    config = DataConfig(sources=(SourceConfig(name="odd", paths=(str(path),)),))
    data = Data(config, grammar=grammar, context=8, seed=0, vocab_size=64)
    with pytest.raises(ShardError, match=r"expected ids below 64, .*got 64"):
        next(data.steps(rows=1))
    assert data.highest_id() == 64


def test_sources_are_interleaved_by_their_weights(
    grammar: Grammar, write_shard: WriteShard, documents: Documents
) -> None:
    paths = [str(write_shard(f"{name}/words", documents)) for name in "abc"]
    weights = (1.0, 2.0, 5.0)
    sources = tuple(
        SourceConfig(name=name, paths=(path,), weight=weight)
        for name, path, weight in zip("abc", paths, weights, strict=True)
    )
    data = Data(DataConfig(sources=sources), grammar=grammar, context=48, seed=1)
    steps = list(itertools.islice(data.steps(rows=4), 40))
    for count, step in enumerate(steps, start=1):
        taken = np.array([step.after[name]["taken"] for name in "abc"])
        assert taken.sum() == 4 * count
        # No source is ever a whole row away from its share.
        assert np.abs(taken - np.array(weights) / 8 * 4 * count).max() < 1
    for old, new in zip(steps[9:], data.steps(rows=4, after=steps[8].after), strict=False):
        assert_same(old, new)
    fewer = Data(DataConfig(sources=sources[:2]), grammar=grammar, context=48, seed=1)
    with pytest.raises(ConfigError, match="expected the sources of the run, a, b, c, got"):
        next(fewer.steps(rows=4, after=steps[0].after))


def test_without_weights_every_document_is_as_frequent(
    grammar: Grammar, write_shard: WriteShard, documents: Documents
) -> None:
    paths = [write_shard("a/words", documents[:60]), write_shard("b/words", documents[60:])]
    sources = tuple(
        SourceConfig(name=name, paths=(str(path),)) for name, path in zip("ab", paths, strict=True)
    )
    data = Data(DataConfig(sources=sources, held_out=0), grammar=grammar, context=48, seed=1)
    tokens = [sum(map(len, part)) for part in (documents[:60], documents[60:])]
    assert data.weights == pytest.approx([each / sum(tokens) for each in tokens])


def test_a_prompt_is_read_and_not_predicted(
    grammar: Grammar, write_shard: WriteShard, documents: Documents
) -> None:
    with_brackets = [document for document in documents if 13 in document]
    path = write_shard("data/words", with_brackets)
    source = SourceConfig(name="words", paths=(str(path),), loss_after="(")
    config = DataConfig(sources=(source,), held_out=0.0)
    for context in (48, 7):
        data = Data(config, grammar=grammar, context=context, seed=5)
        pieces = [piece for built in once(data) for piece in pieces_of(built)]
        expected = sorted(document[document.index(13) + 1 :] for document in with_brackets)
        if context == 48:
            predicted = [[id for id in said if id != IGNORED] for _, said, _ in pieces]
            assert sorted(predicted) == expected
            for read, said, _ in pieces:
                prompt = read.index(13)
                assert said[:prompt] == [IGNORED] * prompt
                assert IGNORED not in said[prompt:]
        kept = [id for _, said, _ in pieces for id in said if id != IGNORED]
        assert sorted(kept) == sorted(itertools.chain(*expected))
    path = write_shard("none/words", documents)
    source = replace(source, paths=(str(path),))
    data = Data(replace(config, sources=(source,)), grammar=grammar, context=48, seed=5)
    with pytest.raises(ShardError, match="expected the token 13, after which the loss begins, in"):
        list(once(data))
    source = replace(source, loss_after="[")
    with pytest.raises(ConfigError, match=r"expected the name of a token as loss_after .*'\['"):
        Data(replace(config, sources=(source,)), grammar=grammar, context=48, seed=5)


@pytest.mark.parametrize("ranks", [1, 2, 3])
def test_held_out_documents_are_seen_once_by_all_ranks(
    grammar: Grammar, write_shard: WriteShard, documents: Documents, ranks: int
) -> None:
    path = write_shard("data/words", documents)
    source = SourceConfig(name="words", paths=(str(path),), augmentation="atom_order")
    config = DataConfig(sources=(source,), held_out=0.2)
    data = Data(config, grammar=grammar, context=48, seed=5)
    held_out = data.sources[0].division.held_out
    assert len(held_out) == 60
    passes = [list(data.held_out(rows=2, rank=rank, ranks=ranks)) for rank in range(ranks)]
    assert len({len(each) for each in passes}) == 1
    said = [said for own in passes for built in own for _, said, _ in pieces_of(built)]
    assert sorted(said) == sorted(documents[number] for number in held_out)
    trained = data.sources[0].division.trained
    assert sorted([*held_out.tolist(), *trained.tolist()]) == list(range(300))


def test_augmentation_changes_documents_by_epoch_alone(
    open_data: OpenData, documents: Documents, capsys: pytest.CaptureFixture[str]
) -> None:
    def epochs(window: int) -> list[list[list[int]]]:
        said: list[list[list[int]]] = [[], [], []]
        epoch = 0
        for step in open_data(window=window, augmentation="atom_order").steps(rows=1):
            said[epoch] += [said for _, said, _ in pieces_of(step.passes[0])]
            epoch = step.after["words"]["epoch"]
            if epoch == 2:
                return said
        raise AssertionError

    first, second, _ = epochs(64)
    assert sorted(first) != sorted(second), "each epoch should see another form"
    assert sorted(first) != sorted(documents)
    assert sorted(map(len, first)) == sorted(map(len, documents))
    again, _, _ = epochs(300)
    assert sorted(first) == sorted(again), "a document's form should not depend on its window"
    assert "tokens/s on the thread that fetches; " in capsys.readouterr().err


def test_ids_are_shifted_to_the_block(grammar: Grammar, write_shard: WriteShard) -> None:
    path = write_shard("data/words", [[3, 5, 4, 2]])
    config = DataConfig(sources=(SourceConfig(name="words", paths=(str(path),)),))
    data = Data(config, grammar=grammar, context=6, seed=0, first_id=1000)
    (built,) = next(data.steps(rows=1)).passes
    assert built.ids_N.tolist() == [1001, 1003, 1005, 1004, 1000, 1000]
    assert built.targets_N.tolist() == [1003, 1005, 1004, 1002, IGNORED, IGNORED]
    assert data.highest_id() == 1005
