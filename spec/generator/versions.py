"""The versions of the vocabulary: read from versions.toml, which grows by one when tokens do."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from generator.text import NOTICE, SPEC, quote
from generator.vocabulary import Vocabulary

HEAD = """\
# Every version of the vocabulary that was ever issued: its fingerprint, and how many tokens each
# block had. A block grows at its end only, so a version is the first tokens of each block: its
# fingerprint can be computed again from the vocabulary as it now is, which proves that none of its
# tokens was moved, renamed or removed.
#
# `python spec/generate.py` appends the present version when tokens were appended. A version that
# was issued is never changed or removed.
"""


@dataclass(frozen=True)
class Version:
    """One version of the vocabulary."""

    number: int
    fingerprint: str
    tokens: Mapping[str, int]
    """How many tokens each block had; a block that had none is left out."""

    def entry(self) -> str:
        """The version as versions.toml holds it."""
        counts = "".join(f"{name} = {count}\n" for name, count in self.tokens.items())
        return (
            f"\n[[version]]\nnumber = {self.number}\nfingerprint = {quote(self.fingerprint)}\n"
            f"\n[version.tokens]\n{counts}"
        )


def read_versions(vocabulary: Vocabulary, text: str | None = None) -> tuple[Version, ...]:
    """Read the issued versions, and add the present one when it is another.

    Parameters
    ----------
    vocabulary
        As it now is.
    text
        Of versions.toml; by default that of the spec.
    """
    if text is None:
        text = (SPEC / "versions.toml").read_text(encoding="utf-8")
    versions = [
        Version(entry["number"], entry["fingerprint"], entry["tokens"])
        for entry in tomllib.loads(text).get("version", [])
    ]
    for place, version in enumerate(versions, 1):
        if version.number != place:
            raise SystemExit(f"expected version {place} of the vocabulary, not {version.number}")
        if vocabulary.first(version.tokens).fingerprint() != version.fingerprint:
            raise SystemExit(
                f"a token of version {place} of the vocabulary was moved, renamed or removed: ids "
                "are forever, so append tokens instead (or remove this version from versions.toml "
                "if it was never on the main branch)"
            )
    present = vocabulary.fingerprint()
    if not versions or versions[-1].fingerprint != present:
        versions.append(Version(len(versions) + 1, present, vocabulary.counts()))
    return tuple(versions)


def versions_toml(versions: tuple[Version, ...]) -> str:
    """The text of versions.toml."""
    return HEAD + "".join(version.entry() for version in versions)


def versions_py(versions: tuple[Version, ...]) -> str:
    """The versions as the package knows them."""
    rows = [f'    ({version.number}, "{version.fingerprint}"),' for version in versions]
    return "\n".join(
        [
            f'"""The versions of the vocabulary: {NOTICE}."""',
            "",
            "from typing import Final",
            "",
            "VERSIONS: Final[tuple[tuple[int, str], ...]] = (",
            *rows,
            ")",
            '"""Number and fingerprint of each version, the oldest first, the present one last."""',
            "",
        ]
    )
