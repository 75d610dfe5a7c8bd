"""The thread that fetches ahead gives what it was given, in order, and ends."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator

import pytest

from logos_model.data.ahead import Ahead


def test_items_come_in_order() -> None:
    with Ahead(iter(range(100)), depth=3) as ahead:
        assert list(ahead) == list(range(100))


def test_items_are_made_before_they_are_wanted() -> None:
    made: list[int] = []

    def slow() -> Iterator[int]:
        for number in itertools.count():
            made.append(number)
            yield number

    with Ahead(slow(), depth=3) as ahead:
        items = iter(ahead)
        assert next(items) == 0
        for _ in range(200):
            if len(made) >= 4:
                break
            time.sleep(0.01)
        time.sleep(0.05)
        # One was taken, three lie ready, and one waits for its place.
        assert len(made) == 5
    assert not any(thread.name == "fetch ahead" for thread in threading.enumerate())


def test_an_error_comes_where_the_item_would_have_come() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise ValueError("expected more")

    with Ahead(failing()) as ahead:
        items = iter(ahead)
        assert next(items) == 1
        with pytest.raises(ValueError, match="expected more"):
            next(items)


def test_waiting_is_measured() -> None:
    def slow() -> Iterator[int]:
        for number in range(3):
            time.sleep(0.05)
            yield number

    with Ahead(slow()) as ahead:
        assert list(ahead) == [0, 1, 2]
        assert 0.1 < ahead.waited < 5.0
