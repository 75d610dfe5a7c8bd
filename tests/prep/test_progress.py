"""The progress line: rates, time left, and no more lines than anyone wants."""

from __future__ import annotations

import io

from logos_grammar.prep import Counts, Progress
from logos_grammar.prep.progress import ProgressLine, clock, progress_text

HALF = Progress(position=500, size=1000, counts=Counts(read=2000, written=1990, refused=10))


def test_the_line_says_share_rate_time_left_and_refusals() -> None:
    assert progress_text(HALF, 10.0) == (
        " 50%  2,000 records  200/s  0.0 MB/s  0:10 left  10 refused"
    )


def test_what_an_earlier_run_did_does_not_count_towards_the_time_left() -> None:
    resumed = Progress(position=500, size=1000, counts=Counts(), resumed=400)
    assert "0:50 left" in progress_text(resumed, 10.0)


def test_a_time_is_written_as_on_a_clock() -> None:
    assert [clock(0.4), clock(61), clock(3599.6), clock(7325)] == [
        "0:00",
        "1:01",
        "1:00:00",
        "2:02:05",
    ]


def test_a_log_gets_a_line_now_and_then() -> None:
    target = io.StringIO()
    line = ProgressLine(target)
    for _ in range(5):
        line(HALF)
    line(Progress(position=1000, size=1000, counts=Counts(), merging=True))
    assert len(target.getvalue().splitlines()) == 1
