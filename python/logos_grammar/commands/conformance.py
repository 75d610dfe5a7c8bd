"""`python -m logos_grammar conformance -- PROGRAM`: put the vectors to another program."""

from __future__ import annotations

import argparse
import json
import queue
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

from logos_grammar.grammar.conformance import ASKS, Question, carried_vectors, read_vectors, wrong
from logos_grammar.grammar.spec import spec
from logos_grammar.kinds import object_type

_SHOWN_IDS = 20
_AHEAD = 16
_PATIENCE = 5.0
"""Seconds that a program has to end after the last question."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand and what it takes."""
    parser = subparsers.add_parser(
        "conformance",
        help="test another implementation of the grammar",
        description="Start a program, write it one question a line as JSON, and read one answer a "
        "line; spec/vectors/README.md says which. Exit status 0: all answers were right, 1: some "
        "were not, 2: nothing could be asked.",
    )
    parser.add_argument("program", nargs="+", metavar="PROGRAM", help="and its arguments, after --")
    parser.add_argument(
        "--kind",
        choices=spec().kinds(),
        action="append",
        help="an object type, or a form for its type; by default, all",
    )
    parser.add_argument(
        "--ask", choices=ASKS, action="append", help="the kind of question; by default, all"
    )
    parser.add_argument("--vectors", type=Path, metavar="FOLDER", help="others than the library's")
    parser.add_argument(
        "--show", type=int, default=5, metavar="N", help="how many failures to show"
    )
    parser.add_argument(
        "--timeout", type=float, default=60.0, metavar="SECONDS", help="to wait for an answer"
    )


def run(args: argparse.Namespace) -> int:
    """Put the questions; print how many answers were right and the first that were not."""
    try:
        questions = _questions(args)
    except (OSError, ValueError) as error:
        print(f"logos_grammar conformance: {error}", file=sys.stderr)
        return 2
    asked = Counter[tuple[str, str]]()
    failures: list[tuple[Question, str]] = []
    ended = None
    try:
        with _Program(args.program, timeout=args.timeout) as program:
            for question in questions:
                asked[question.kind, question.ask] += 1
                found = _failure(program, question)
                if found is not None:
                    failures.append((question, found))
    except OSError as error:
        print(f"logos_grammar conformance: cannot start it: {error}", file=sys.stderr)
        return 2
    except _NoAnswerError as error:
        failures.append((question, str(error)))
        ended = f"no question was put after {asked.total():,} of {len(questions):,} questions"
    print(_report(asked, failures, shown=args.show))
    if ended is not None:
        print(ended)
    return 1 if failures else 0


def _questions(args: argparse.Namespace) -> list[Question]:
    texts = carried_vectors()
    kinds = tuple(dict.fromkeys(map(object_type, args.kind or spec().objects())))
    asks = args.ask or ASKS
    if args.vectors is not None:
        texts = {kind: (args.vectors / f"{kind}.jsonl").read_text("utf-8") for kind in kinds}
    found = (question for kind in kinds for question in read_vectors(kind, texts[kind]))
    return [question for question in found if question.ask in asks]


class _NoAnswerError(Exception):
    """The program answers no more."""


class _Program:
    """A program that reads questions and writes answers."""

    def __init__(self, command: list[str], *, timeout: float) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        self._timeout = timeout
        # Of a program that writes more than its answers, the rest waits in its pipe.
        self._lines: queue.Queue[str] = queue.Queue(maxsize=_AHEAD)
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End its input, which says that no question follows, and let it end."""
        try:
            if self._process.stdin is not None:
                self._process.stdin.close()
            self._process.wait(_PATIENCE)
        except (BrokenPipeError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()

    def answer(self, line: str) -> str:
        """The line that it answers.

        Raises
        ------
        _NoAnswerError
            When no answer comes.
        """
        try:
            if self._process.stdin is not None:
                self._process.stdin.write(line + "\n")
                self._process.stdin.flush()
            answer = self._lines.get(timeout=self._timeout)
        except queue.Empty as error:
            raise _NoAnswerError(f"no answer within {self._timeout:g} seconds") from error
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise _NoAnswerError("the program ended instead of answering")
        return answer

    def _read(self) -> None:
        if self._process.stdout is not None:
            for line in self._process.stdout:
                self._lines.put(line)
        self._lines.put("")


def _failure(program: _Program, question: Question) -> str | None:
    line = program.answer(question.to_line())
    try:
        answer = json.loads(line)
    except ValueError:
        return f"expected a line of JSON, not {line.rstrip()[:80]!r}"
    return wrong(question, answer)


def _report(
    asked: Counter[tuple[str, str]], failures: list[tuple[Question, str]], *, shown: int
) -> str:
    failed = Counter((question.kind, question.ask) for question, _ in failures)
    lines = [
        f"{kind:14}{ask:8}{number - failed[kind, ask]:>6,} of {number:,}"
        for (kind, ask), number in asked.items()
    ]
    lines.append(f"{asked.total() - len(failures):,} of {asked.total():,} vectors passed")
    for question, what in failures[:shown]:
        lines += [f"{question.kind} {question.ask} {_about(question)}", f"    {what}"]
    if len(failures) > shown:
        lines.append(f"and {len(failures) - shown:,} more that failed")
    return "\n".join(lines)


def _about(question: Question) -> str:
    name, ids = next(iter(question.about.items()))
    shown = " ".join(map(str, ids[:_SHOWN_IDS])) + (" …" if len(ids) > _SHOWN_IDS else "")
    return f"{name} {shown}".rstrip()
