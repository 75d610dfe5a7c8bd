"""Several declared object types keep the laws, and are what the oracle reads."""

from __future__ import annotations

from pathlib import Path

from declared.process import TESTS, run_tests


def test_declared_types_keep_the_laws_and_agree_with_the_oracle(tmp_path: Path) -> None:
    assert "passed" in run_tests(TESTS / "declared" / "suite.py", folder=tmp_path)
