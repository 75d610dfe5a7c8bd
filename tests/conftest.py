"""What every test may use: Hypothesis profiles, and real data where it is present."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from logos_grammar import registry

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile(
    "fast",
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "slow",
    max_examples=1_000_000,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("fast")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the tests that take minutes as well")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave tests marked `slow` to `pytest --slow`."""
    if not config.getoption("--slow"):
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="takes minutes: run pytest --slow"))


@pytest.fixture(autouse=True)
def _what_a_test_declares_no_other_test_knows() -> Iterator[None]:
    """Tests share a process in any order: `nothing_declared` takes back what one declares."""
    before = set(registry.classes())
    yield
    assert set(registry.classes()) == before, "this test needs the fixture nothing_declared"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real files beside the checkout; skips the test where there is none."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no folder of real files beside the checkout")
    return folder
