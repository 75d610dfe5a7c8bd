"""Which vocabulary wrote ids, and whether the one in use reads them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Writer = Literal["this", "earlier", "later", "other"]


def lineage_of(fingerprint: str) -> tuple[str, ...]:
    """The fingerprints of the versions up to the vocabulary in use, where they are known."""
    from logos_grammar.vocabulary import vocabulary  # noqa: PLC0415 (see `writer_of`)

    return vocabulary.lineage if fingerprint == vocabulary.fingerprint else ()


def writer_of(found: str, lineage: Iterable[str] = (), *, fingerprint: str) -> tuple[Writer, str]:
    """Say which vocabulary wrote ids, as seen by the one in use, and its version in words.

    Parameters
    ----------
    found, lineage
        The fingerprint that a file carries, and those of its earlier versions where it has them.
    fingerprint
        Of the vocabulary in use. Versions are known of the vocabulary of `logos_grammar` only.
    """
    if found == fingerprint:
        return "this", "this version of the vocabulary"
    from logos_grammar.vocabulary import vocabulary  # noqa: PLC0415 (other grammars need none of it)

    if fingerprint != vocabulary.fingerprint:
        return "other", f"the vocabulary {found}"
    writer = vocabulary.writer(found, lineage)
    words = {
        "earlier": f"version {vocabulary.version_of(found)} of the vocabulary",
        "later": "a later version of the vocabulary",
    }
    return writer, words.get(writer, f"the vocabulary {found}")
