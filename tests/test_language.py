"""The language of what users read: plain technical English, without phrases that must be guessed.

The guide: subject, verb, object; the field's own term; one word for one thing (the glossary of
`spec/README.md`). Each pattern below is a phrase that readers had to read twice.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / "python" / "logos_grammar"

INSTEAD = {
    r"what is no\b": "anything else; what is not",
    r"(?<!there )\b(?:is|are|was|were) (?:no (?!longer|more)|none\b)": "is not; does not have",
    r"\bbut for\b": "except; without",
    r"\bso many\b": "this number of; too many",
    r"\basks?\b(?! the user)": "requires; calls; looks up",
    r"\basked for\b": "given; set; used",
    r"\bbears?\b": "has; exceeds",
    r"\b(?:stands?|stood)\b": "is; is written; is allowed",
    r"\bin vain\b": "without result",
    r"\bstrange\b": "invalid",
    r"\bwhoever\b": "the caller; a user who",
    r"\bis none\b": "does not exist",
}
BANNED = re.compile("|".join(INSTEAD), re.IGNORECASE)

PAGES = [
    ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "spec/README.md")
] + sorted((ROOT / "spec").rglob("*.ebnf"))
PAGES += [ROOT / "spec" / name for name in ("declaring.md", "vocabulary.toml", "versions.toml")]
PAGES += [ROOT / "spec" / name for name in ("vectors/README.md", "valence/rdkit.toml")]


def prose_of_page(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a page without code: fenced blocks, code spans, targets of links."""
    fence = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
    fenced = fence.sub(lambda code: "\n" * code[0].count("\n"), text)
    for number, line in enumerate(fenced.splitlines(), 1):
        yield number, re.sub(r"`[^`]*`|\]\([^)]*\)", " ", line)


def prose_of_code(text: str) -> Iterator[tuple[int, str]]:
    """The words of a module: its comments, docstrings and other texts, without code in them."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], re.sub(r"`[^`]*`", " ", token.string)
    for node in ast.walk(ast.parse(text)):
        # A text of one word is a name, a key or an option.
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            for number, line in enumerate(node.value.splitlines(), node.lineno):
                if " " in line.strip():
                    yield number, re.sub(r"``?[^`]*``?|>>> .*", " ", line)


def found_in(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    prose = prose_of_code(text) if path.suffix == ".py" else prose_of_page(text)
    return [
        f"{path.relative_to(ROOT)}:{number}: {match[0]!r} in {line.strip()!r}"
        for number, line in prose
        for match in BANNED.finditer(line)
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_pages_are_in_plain_english(page: Path) -> None:
    assert found_in(page) == []


@pytest.mark.parametrize(
    "module", sorted(PYTHON.rglob("*.py")), ids=lambda path: str(path.relative_to(PYTHON))
)
def test_modules_are_in_plain_english(module: Path) -> None:
    assert found_in(module) == []


def test_the_patterns_find_what_they_are_for() -> None:
    for phrase in (
        "what is no sentence is refused",
        "an isotope of 0 is none",
        "but for what drop names",
        "within so many tokens",
        "a request asks for it",
        "loaded when it is asked for",
        "an atom that bears too much",
        "cannot stand there",
        "a residue is no atom",
    ):
        assert BANNED.search(phrase), phrase
    for phrase in ("there is no lexer", "it is no longer there", "an asking price", "standard"):
        assert not BANNED.search(phrase), phrase
