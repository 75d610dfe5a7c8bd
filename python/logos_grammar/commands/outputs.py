"""Files that commands write besides what they print."""

from __future__ import annotations

import sys
from pathlib import Path


def written(command: str, file: Path, text: str) -> bool:
    """Write a text to a file; return whether that went well, after saying why it did not."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        print(f"logos_grammar {command}: cannot write {file}: {error.strerror}", file=sys.stderr)
        return False
    return True
