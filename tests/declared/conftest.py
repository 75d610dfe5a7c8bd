"""What a test declares, no other test knows."""

from __future__ import annotations

import pytest

from logos_grammar import registry


@pytest.fixture
def nothing_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    for roll in ("_types", "_tokens", "_ids"):
        monkeypatch.setattr(registry, roll, {})
