"""Writes what the code takes from the spec: ids, blocks, fingerprint and the lists of kinds.

python spec/generate.py            write
python spec/generate.py --check    say which file is not fresh, and exit 1
"""

from __future__ import annotations

import argparse
import sys

from generator.kinds import (
    border_objects_rs,
    core_objects_rs,
    kinds_py,
    object_types_py,
    read_kinds,
)
from generator.residues import residues_rs
from generator.spec_texts import spec_texts_rs
from generator.text import SPEC
from generator.valence_limits import limits_rs
from generator.versions import read_versions, versions_py, versions_toml
from generator.vocabulary import read_vocabulary, tokens_rs

ROOT = SPEC.parent


def main() -> int:
    """Write the generated files, or with ``--check`` compare them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare only")
    check = parser.parse_args().check
    stale = []
    for path, text in generated().items():
        file = ROOT / path
        if file.exists() and file.read_text(encoding="utf-8") == text:
            continue
        stale.append(path)
        if not check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            print(f"wrote {path}")
    if check and stale:
        print(f"not fresh: {', '.join(stale)}; run `python spec/generate.py`", file=sys.stderr)
        return 1
    return 0


def generated() -> dict[str, str]:
    """Every generated file: its path from the root, and its text."""
    vocabulary = read_vocabulary()
    kinds = read_kinds(vocabulary)
    versions = read_versions(vocabulary)
    return {
        "rust/core/src/tokens.rs": tokens_rs(vocabulary),
        "rust/core/src/objects/mod.rs": core_objects_rs(kinds),
        "rust/core/src/spec_texts.rs": spec_texts_rs(kinds.types),
        "rust/core/src/residues/table.rs": residues_rs(vocabulary),
        "rust/core/src/profiles/limits.rs": limits_rs(),
        "rust/python/src/objects/mod.rs": border_objects_rs(kinds.types),
        "spec/versions.toml": versions_toml(versions),
        "python/logos_grammar/_versions.py": versions_py(versions),
        "python/logos_grammar/_kinds.py": kinds_py(kinds),
        "python/logos_grammar/object_types.py": object_types_py(kinds.types),
    }


if __name__ == "__main__":
    sys.exit(main())
