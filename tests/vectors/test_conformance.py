"""`python -m logos_grammar conformance`: other implementations, right, wrong and broken."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from logos_grammar.__main__ import main
from oracle import SPEC
from vectors.program import DEFECTS

PROGRAM = Path(__file__).with_name("program.py")
FOLDER = SPEC / "vectors"


@pytest.fixture(autouse=True)
def _finds_the_oracle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(PROGRAM.parents[1]))


def conformance(capsys: pytest.CaptureFixture[str], options: str, *program: str) -> tuple[int, str]:
    """Exit status and what is printed of a run."""
    status = main(["conformance", *options.split(), "--", sys.executable, *program])
    return status, capsys.readouterr().out


def test_an_implementation_that_shares_no_code_passes(capsys: pytest.CaptureFixture[str]) -> None:
    options = "--kind protein --kind molecule --ask check --ask next"
    status, out = conformance(capsys, options, str(PROGRAM))
    assert status == 0, out
    lines = [line.split() for line in out.splitlines()]
    assert [line[:2] for line in lines[:-1]] == [
        [kind, ask] for kind in ("protein", "molecule") for ask in ("check", "next")
    ]
    for _, _, passed, _, of in lines[:-1]:
        assert passed == of
        assert int(of) > 200
    assert re.fullmatch(r"([\d,]+) of \1 vectors passed", out.splitlines()[-1])


def test_the_counts_of_one_that_shares_no_code_pass(capsys: pytest.CaptureFixture[str]) -> None:
    status, out = conformance(capsys, "--kind rna --kind nucleic_acid --ask count", str(PROGRAM))
    assert (status, out.splitlines()[-1]) == (0, "2 of 2 vectors passed")


def test_the_program_of_the_readme_passes(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    readme = (FOLDER / "README.md").read_text("utf-8")
    program = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    file = tmp_path / "program.py"
    file.write_text(program[0])
    status, out = conformance(capsys, "--ask next --ask needed", str(file))
    assert status == 0, out


@pytest.mark.parametrize("defect", DEFECTS)
def test_every_defect_is_found(capsys: pytest.CaptureFixture[str], defect: str) -> None:
    options = "--kind protein --ask check --ask next --show 3"
    status, out = conformance(capsys, options, str(PROGRAM), defect)
    assert status == 1
    assert len(re.findall(r"^    ", out, re.MULTILINE)) == 3
    assert re.search(r"^and [\d,]+ more that failed$", out, re.MULTILINE)
    assert "expected" in out or "may come next" in out


def test_a_failure_says_what_was_asked_and_what_was_expected(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, out = conformance(capsys, "--kind protein --ask check", str(PROGRAM), "no_condition")
    assert re.search(r"^protein check ids 32 144 [ 0-9]+\n    expected code 2, not 1$", out, re.M)
    _, out = conformance(capsys, "--kind protein --ask next", str(PROGRAM), "one_too_few")
    assert "1 ids may come next; these are without 32" in out


def test_a_program_that_ends_is_given_up(capsys: pytest.CaptureFixture[str]) -> None:
    status, out = conformance(capsys, "--kind protein --ask check", str(PROGRAM), "dies")
    assert status == 1
    assert "the program ended instead of answering" in out
    assert re.search(r"no question was put after 4 of \d+ questions", out)


def test_a_program_that_hangs_is_given_up(capsys: pytest.CaptureFixture[str]) -> None:
    options = "--kind protein --ask check --timeout 2"
    status, out = conformance(capsys, options, str(PROGRAM), "hangs")
    assert status == 1
    assert "no answer within 2 seconds" in out
    assert re.search(r"no question was put after \d of \d+ questions", out)


def test_a_line_that_is_no_json_is_a_failure_among_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, out = conformance(capsys, "--kind protein --ask check", str(PROGRAM), "no_json")
    assert status == 1
    assert "expected a line of JSON, not 'what?'" in out


def test_a_program_that_says_too_much_is_stopped(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "program.py"
    file.write_text("while True: print('{}')")
    status, out = conformance(capsys, "--kind protein --ask needed", str(file))
    assert status == 1
    assert "expected needed 2, not null" in out


def test_what_cannot_be_asked_ends_with_two(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["conformance", "--", str(tmp_path / "nothing")]) == 2
    assert "cannot start it" in capsys.readouterr().err
    assert main(["conformance", "--vectors", str(tmp_path), "--", sys.executable]) == 2
    assert "No such file" in capsys.readouterr().err
    (tmp_path / "protein.jsonl").write_text("{}")
    options = ["--vectors", str(tmp_path), "--kind", "protein"]
    assert main(["conformance", *options, "--", sys.executable]) == 2
    assert "expected a first line" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["conformance"])
