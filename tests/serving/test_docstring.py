"""What the package's page shows runs, and loading the package loads no engine."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys

import torch

import logos_grammar as lg
from logos_grammar import serving


def test_the_page_of_the_package_is_true() -> None:
    torch.manual_seed(0)
    results = doctest.testmod(serving)
    assert results.attempted > 8
    assert not results.failed


def test_the_terms_that_it_shows_can_be_read() -> None:
    shown = re.findall(r"request\(.*?\)", serving.__doc__ or "")
    assert len(shown) == 2
    for call in shown:
        terms = serving.read_terms(eval(call, {"request": serving.request}))
        assert terms == serving.Terms(kind="molecule", budget=64, prefix=())
        assert serving.read_terms(terms.to_text()) == terms


def test_loading_it_loads_no_engine() -> None:
    engines = ["torch", "transformers", "vllm", "sglang"]
    program = (
        "import sys, logos_grammar.serving\n"
        f"print([name for name in {engines} if name in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"


def test_any_is_every_kind() -> None:
    assert serving.read_terms("any") == serving.read_terms('{"kind": "any"}') == serving.Terms()
    assert serving.read_terms({"prefix": [192]}).prefix_in([5, 5]) == [192]
    assert serving.Terms(begin_id=lg.vocabulary.size).prefix_in([1, lg.vocabulary.size, 7]) == [7]
