"""The versions of the vocabulary: written by spec/generate.py from spec/; do not edit."""

from typing import Final

VERSIONS: Final[tuple[tuple[int, str], ...]] = (
    (1, "4b5e8664a04ee4f3723f74dc2af5424739a6ec6300634bcd9c64be61ec74c3ae"),
    (2, "cdb6b2b1e2a09a71506a40dca16f874a8a087a26ddcaffe352986ebb1a836d64"),
    (3, "496c7d6d4f0e8e6b9c71566bf7a85594492f1afb2a8ff37371bfd840dfbe4f0b"),
    (4, "6b17b3593fb9af4dc24c8653d5d58d5ebdf7b40b93c5c5e3199e69d42f373fb7"),
    (5, "5a3da719b388d40ef6d821911102a475e57986d7983d78aa5c9959b16c21a149"),
    (6, "613445a85e7c79bfa5677fa97052c1253e4a5c2444ed705837522c7539ddb3be"),
)
"""Number and fingerprint of each version, the oldest first, the present one last."""
