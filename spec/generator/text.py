"""What every generated file has: its notice, and names and texts in the form of its language."""

from __future__ import annotations

import json
from pathlib import Path

SPEC = Path(__file__).resolve().parent.parent
NOTICE = "written by spec/generate.py from spec/; do not edit"


def camel(name: str) -> str:
    """``nucleic_acid`` -> ``NucleicAcid``."""
    return "".join(word.capitalize() for word in name.split("_"))


def quote(text: str) -> str:
    """A Rust string literal."""
    return json.dumps(text, ensure_ascii=False)
