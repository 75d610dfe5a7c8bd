"""Writes declared object types as the files of a spec, for the oracle to read."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from oracle import SPEC, Spec, read_spec

_SECTION = re.compile(r"^tokens: (\w+) at (\d+)\n((?:[ \t]+\S[^\n]*\n)+)", re.MULTILINE)
_RANGE = re.compile(r"(\S*)\{(\d+)\.\.(\d+)\}(\S*)")


def spec_of(grammars: Mapping[str, str], folder: Path) -> Spec:
    """The spec with these grammars beside it, by their kinds, as blocks and files of a folder."""
    shutil.copytree(SPEC, folder, ignore=shutil.ignore_patterns("vectors", "valence"))
    toml = folder / "vocabulary.toml"
    blocks = toml.read_text(encoding="utf-8")
    for kind, text in grammars.items():
        blocks += "".join(map(_block, _SECTION.finditer(text)))
        rules = _SECTION.sub("", text)
        (folder / "objects" / f"{kind}.ebnf").write_text(rules, encoding="utf-8")
    toml.write_text(blocks, encoding="utf-8")
    return read_spec(folder)


def _block(section: re.Match[str]) -> str:
    name, base, lines = section.groups()
    tokens = [_token(*line.split(maxsplit=1)) for line in lines.splitlines()]
    listed = ",\n    ".join(tokens)
    return (
        f'\n[[block]]\nname = "{name}"\nbase = {base}\nsize = 64\ngloss = "declared"\n'
        f"tokens = [\n    {listed}\n]\n"
    )


def _token(name: str, gloss: str) -> str:
    several = _RANGE.fullmatch(name)
    if several is None:
        return f'{{ name = "{name}", text = "", gloss = "{gloss}" }}'
    before, first, last, after = several.groups()
    named = f'name = "{before}{{n}}{after}", text = "", gloss = "{gloss}"'
    return f"{{ from = {first}, to = {last}, {named} }}"
