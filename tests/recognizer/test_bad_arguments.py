"""What makes no sense is refused by an error that says so, and nothing has changed then."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch

import logos_grammar as lg
from recognizer.model import WORDS

PREFIX = [192, 384, 528, 384]


def mask(*shape: int, dtype: Any = np.int32) -> Any:
    return np.zeros(shape, dtype)


def read_only(array: Any) -> Any:
    array.setflags(write=False)
    return array


MASKS: dict[str, tuple[Any, type[Exception]]] = {
    "one dimension": (mask(WORDS), ValueError),
    "three dimensions": (mask(1, 2, WORDS), ValueError),
    "int64": (mask(2, WORDS, dtype=np.int64), ValueError),
    "uint32": (mask(2, WORDS, dtype=np.uint32), ValueError),
    "bytes in the other order": (mask(2, WORDS, dtype=">i4"), ValueError),
    "too narrow": (mask(2, WORDS - 1), ValueError),
    "no width": (mask(2, 0), ValueError),
    "every other row": (mask(4, WORDS)[::2], ValueError),
    "every other column": (mask(2, 2 * WORDS)[:, ::2], ValueError),
    "upside down": (mask(2, WORDS)[::-1], ValueError),
    "by columns": (np.asfortranarray(mask(2, WORDS)), ValueError),
    "read-only": (read_only(mask(2, WORDS)), ValueError),
    "a list": ([[0] * WORDS] * 2, TypeError),
    "None": (None, TypeError),
}
LOGITS: dict[str, tuple[Any, type[Exception]]] = {
    "two dimensions": (np.zeros((1, 8192), np.float32), ValueError),
    "two dimensions of float16": (np.zeros((1, 8192), np.float16), ValueError),
    "int16": (np.zeros(8192, np.int16), ValueError),
    "float16 in the other order": (np.zeros(8192, ">f2"), ValueError),
    "float64 in the other order": (np.zeros(8192, ">f8"), ValueError),
    "read-only float16": (read_only(np.zeros(8192, np.float16)), ValueError),
    "every other float16": (np.zeros(2 * 8192, np.float16)[::2], ValueError),
    "too narrow": (np.zeros(8191, np.float32), ValueError),
    "empty": (np.zeros(0, np.float32), ValueError),
    "every other": (np.zeros(2 * 8192, np.float32)[::2], ValueError),
    "backwards": (np.zeros(8192, np.float32)[::-1], ValueError),
    "read-only": (read_only(np.zeros(8192, np.float32)), ValueError),
    "a list": ([0.0] * 8192, TypeError),
}
IDS: dict[str, tuple[Any, type[Exception]]] = {
    "two dimensions": (np.zeros((2, 2), np.uint16), TypeError),
    "fractions": (np.array([384.0]), TypeError),
    "a text": ("384", TypeError),
    "a masked array": (np.ma.masked_array([384], mask=[True]), TypeError),
}
NO_IDS: tuple[Any, ...] = ([70_000], [-1], np.array([-1]), [2**40], [65_535])


@pytest.fixture
def recognizer() -> Iterator[lg.Recognizer]:
    """A recognizer somewhere in a molecule, which is to be there afterwards."""
    one = lg.Recognizer("molecule")
    assert one.accept_many(PREFIX) == len(PREFIX)
    allowed = one.allowed().tolist()
    yield one
    assert one.ids.tolist() == PREFIX
    assert one.allowed().tolist() == allowed


def refuses(error: type[Exception], act: Callable[[], Any]) -> str:
    """What the error says; it is of that very class, so never a panic of Rust."""
    with pytest.raises(error) as caught:
        act()
    assert caught.type is error
    assert str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("what", MASKS)
def test_a_mask_that_is_none_is_refused(recognizer: lg.Recognizer, what: str) -> None:
    given, error = MASKS[what]
    parents, ids = np.array([-1, 0], np.int32), np.array([384, 384], np.uint16)
    for act in (
        lambda: recognizer.fill(given, 0),
        lambda: lg.fill_batch([recognizer, recognizer.fork()], given),
        lambda: recognizer.fill_tree(parents, ids, given),
    ):
        assert "mask" in refuses(error, act)
    if isinstance(given, np.ndarray):
        assert not given.any()


@pytest.mark.parametrize("what", LOGITS)
def test_logits_that_are_none_are_refused(recognizer: lg.Recognizer, what: str) -> None:
    given, error = LOGITS[what]
    reason = refuses(error, lambda: recognizer.apply_(given))
    assert "logits" in reason
    if isinstance(given, np.ndarray):
        assert "not int16" not in reason or given.dtype == np.int16, "it is not said by its bits"
        assert not given.any()
        if given.ndim == 1 and given.flags.writeable and given.flags.forc:
            assert "logits" in refuses(error, lambda: lg.apply_batch([recognizer], given[None]))


@pytest.mark.parametrize("what", IDS)
def test_ids_that_are_none_are_refused(recognizer: lg.Recognizer, what: str) -> None:
    given, error = IDS[what]
    parents = np.full(len(given), -1, np.int32)
    for act in (
        lambda: recognizer.accept_many(given),
        lambda: recognizer.masks_for(given),
        lambda: recognizer.state_ids(given),
        lambda: lg.accept_batch([recognizer], given),
        lambda: recognizer.fill_tree(parents, given, mask(len(given), WORDS)),
    ):
        refuses(error, act)


@pytest.mark.parametrize("row", [-1, 2, 1 << 60, -(1 << 63)])
def test_a_row_that_is_not_there_is_refused(recognizer: lg.Recognizer, row: int) -> None:
    given = mask(2, WORDS)
    assert "from 0 to 1" in refuses(IndexError, lambda: recognizer.fill(given, row))
    assert not given.any()


@pytest.mark.parametrize("token", [-1, 8191, 8192, 65_535, 65_536, 1 << 40])
def test_an_id_that_no_token_has_is_not_accepted(recognizer: lg.Recognizer, token: int) -> None:
    assert not recognizer.accept(token)
    error = recognizer.error()
    assert error is not None
    assert error[:2] == (1, len(PREFIX))


@pytest.mark.parametrize("token", [1.0, "384", None, [384]])
def test_what_is_no_number_is_no_id(recognizer: lg.Recognizer, token: Any) -> None:
    refuses(TypeError, lambda: recognizer.accept(token))


@pytest.mark.parametrize("n", [-1, 5, 1 << 40])
def test_no_more_is_taken_back_than_was_taken(recognizer: lg.Recognizer, n: int) -> None:
    assert "at most 4 tokens" in refuses(ValueError, lambda: recognizer.rollback(n))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"valence": True}, "expected valence to be the name of a table, not True"),
        ({"copy": 1}, "expected copy to be True or False, not 1"),
        ({"valence": "rdkit", "aromatic": "no"}, "expected aromatic to be True or False"),
        ({"composition": {5: 1}}, "expected a composition such as"),
    ],
)
def test_a_field_of_a_profile_of_another_type_is_refused(
    arguments: dict[str, Any], expected: str
) -> None:
    with pytest.raises(TypeError, match=expected):
        lg.Profile(**arguments)


def test_a_kind_or_profile_that_is_none_is_refused() -> None:
    assert "molecule, nucleic_acid" in refuses(ValueError, lambda: lg.Recognizer("crystal"))
    refuses(ValueError, lambda: lg.Recognizer(""))
    refuses(TypeError, lambda: lg.Recognizer(1))  # type: ignore[arg-type]
    refuses(ValueError, lambda: lg.Recognizer("molecule", profile="truth"))


@pytest.mark.parametrize(
    ("parents", "ids", "rows"),
    [
        ([-1], [384, 384], 2),
        ([-1, 0], [384], 2),
        ([-1, 0], [384, 384], 1),
        ([0], [384], 1),
        ([-1, 1], [384, 384], 2),
        ([-1, 0, 5, 0], [384, 384, 384, 384], 4),
        ([-1, -2], [384, 384], 2),
        ([-(1 << 31)], [384], 1),
    ],
)
def test_a_tree_that_is_none_is_refused(
    recognizer: lg.Recognizer, parents: list[int], ids: list[int], rows: int
) -> None:
    given = mask(rows, WORDS)
    tree = np.array(parents, np.int32), np.array(ids, np.uint16)
    assert "parent" in refuses(ValueError, lambda: recognizer.fill_tree(*tree, given))


@pytest.mark.parametrize("given", NO_IDS)
def test_numbers_that_are_no_ids_are_no_tokens(recognizer: lg.Recognizer, given: Any) -> None:
    """Engines fill drafts up with -1: it is refused as any token is that may not come."""
    assert not recognizer.accept(int(given[0]))
    assert recognizer.accept_many(given) == 0
    assert lg.accept_batch([recognizer], given).tolist() == [False]
    if given != [65_535]:
        refuses(lg.GrammarError, lambda: recognizer.masks_for(given))
        refuses(lg.GrammarError, lambda: recognizer.state_ids(given))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32, torch.float64])
def test_logits_with_a_gradient_are_refused(recognizer: lg.Recognizer, dtype: torch.dtype) -> None:
    logits = torch.zeros(8192, dtype=dtype, requires_grad=True)
    assert "logits" in refuses(ValueError, lambda: recognizer.apply_(logits))
    assert not logits.detach().any()


@pytest.mark.parametrize("dtype", [torch.int32, torch.complex64, torch.float8_e4m3fn])
def test_logits_of_no_float_type_that_models_have_are_refused(
    recognizer: lg.Recognizer, dtype: torch.dtype
) -> None:
    logits = torch.zeros(2, 8192, dtype=dtype)
    for act in (
        lambda: lg.apply_batch([recognizer], logits),
        lambda: recognizer.apply_(logits[0]),
    ):
        assert "bfloat16, float16, float32 or float64" in refuses(ValueError, act)


def test_a_recognizer_that_two_threads_use_says_so(recognizer: lg.Recognizer) -> None:
    """One thread is inside of it, and waits there for the other one's error."""
    inside, tried = threading.Event(), threading.Event()

    class Ids:
        def __array__(self, *_: object, **__: object) -> Any:
            inside.set()
            assert tried.wait(60)
            return np.array([384], np.uint16)

    with ThreadPoolExecutor(1) as other:
        masks = other.submit(recognizer.masks_for, Ids())
        assert inside.wait(60)
        try:
            for act in (
                lambda: recognizer.accept(384),
                lambda: recognizer.position,
                recognizer.fork,
                lambda: lg.accept_batch([recognizer], [384]),
                lambda: lg.fill_batch([recognizer], mask(1, WORDS)),
            ):
                assert "a thread: give each its own" in refuses(RuntimeError, act)
            assert "in use" in repr(recognizer)
        finally:
            tried.set()
        assert masks.result().shape == (2, WORDS)


def test_a_batch_of_something_else_changes_nothing(recognizer: lg.Recognizer) -> None:
    batch: list[Any] = [recognizer, None]
    refuses(TypeError, lambda: lg.accept_batch(batch, [384, 384]))
    refuses(TypeError, lambda: lg.fill_batch(batch, mask(2, WORDS)))
    refuses(TypeError, lambda: lg.apply_batch(batch, np.zeros((2, 8192), np.float32)))
    assert "once" in refuses(ValueError, lambda: lg.accept_batch([recognizer] * 2, [384, 384]))
    two = [recognizer, recognizer.fork()]
    assert "2 ids" in refuses(ValueError, lambda: lg.accept_batch(two, [384]))
    assert "2 ids" in refuses(ValueError, lambda: lg.accept_batch(two, [384, 384, 384]))
    assert "2 rows" in refuses(ValueError, lambda: lg.fill_batch(two, mask(1, WORDS)))
    logits = np.zeros((1, 8192), np.float32)
    assert "2 rows" in refuses(ValueError, lambda: lg.apply_batch(two, logits))


def test_tokens_that_may_not_come_are_an_error_where_masks_are_asked_for(
    recognizer: lg.Recognizer,
) -> None:
    for ask in (recognizer.masks_for, recognizer.state_ids):
        with pytest.raises(lg.GrammarError) as caught:
            ask([384, 785, 384])
        assert (caught.value.position, caught.value.condition) == (
            5,
            "opened(ring_close, ring_open)",
        )


def test_a_recognizer_has_no_other_attributes(recognizer: lg.Recognizer) -> None:
    for name in ("budget", "kind", "position", "ids", "anything"):
        refuses(AttributeError, lambda name=name: setattr(recognizer, name, 1))  # type: ignore[misc]


def test_what_was_pickled_and_changed_is_refused() -> None:
    recognizer = lg.Recognizer("molecule", budget=20)
    recognizer.accept_many(PREFIX)
    make, arguments = recognizer.__reduce__()
    assert make(*arguments).ids.tolist() == PREFIX
    refuses(ValueError, lambda: make(*arguments[:-1], [193]))
    assert pickle.loads(pickle.dumps(recognizer)).budget == 20


def test_the_old_name_of_min_tokens_to_complete_warns() -> None:
    one = lg.Recognizer("protein")
    with pytest.warns(DeprecationWarning, match=r"phi\(\) was renamed: say min_tokens_to_complete"):
        assert one.phi() == one.min_tokens_to_complete() == 2
