"""The words of a line: a text and its name, or the tokens of one text with blanks between them.

``CCO ethanol`` is a text and its name; ``C C ( = O ) O`` is one text, as models of other toolkits
read it. A line that may be either is refused unless an option says which.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from logos_grammar.kinds import TextKind
from logos_grammar.texts import encode_texts

Words: TypeAlias = Literal["names", "tokens"]
"""What the words behind the first one are."""

AMBIGUOUS = (
    "words that may be the name of the text or its tokens: say --words names or --words tokens"
)

_CHEMICAL: tuple[TextKind, ...] = ("molecule", "reaction")
_SMILES = (
    rb"(?:\[[^\[\]\s]+\]|Br|Cl|se|as|te|->|<-|>>|@@|%\d\d|%\(\d+\)"
    rb"|[][()BCNOPSFIHbcnops*.=#$:~/\\@>+\d-])"
)
_UPPER = rb"(?:[A-Z]|\([A-Z0-9]+\))++"
_LOWER = _UPPER.replace(b"A-Z", b"a-z")


def _later(token: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Find lines whose last word is a token, quickly, and those whose later words all are."""
    last = re.compile(rb" " + token + rb" *$", re.MULTILINE)
    return last, re.compile(rb"^\S++(?: ++" + token + rb")+ *$", re.MULTILINE)


_TOKENS, _UPPER_LETTERS, _LOWER_LETTERS = _later(_SMILES), _later(_UPPER), _later(_LOWER)


def may_hold_tokens(lines: bytes, kind: TextKind, *, fold_case: bool) -> bool:
    """Return whether some line may be tokens with blanks between them, for a closer look."""
    sets = [_TOKENS if kind in _CHEMICAL else _UPPER_LETTERS]
    if fold_case:
        sets.append(_LOWER_LETTERS)
    return any(all(pattern.search(lines) for pattern in patterns) for patterns in sets)


def is_ambiguous(line: bytes, kind: TextKind, *, fold_case: bool) -> bool:
    """Return whether the words behind the first of a line may be tokens of the same text.

    Each of them is a token, and together they are a text, or they are too many for a name. Numbers
    alone are taken for tokens only where they close rings: ``CCO 1 0`` has two labels.

    Parameters
    ----------
    line
        A line without its end.
    kind
        What the texts are.
    fold_case
        Whether lower-case letters of sequences are read.
    """
    if not may_hold_tokens(line, kind, fold_case=fold_case):
        return False
    later = line.split()[1:]
    whole = joined(line)
    if kind not in _CHEMICAL:
        # Letters of one case are a sequence; in `MKV insulin` the second word is a name.
        whole = whole.upper() if whole.islower() else whole
    if not encode_texts(kind, [whole], errors="collect").errors:
        return True
    return kind in _CHEMICAL and len(later) > 1 and not all(word.isdigit() for word in later)


def joined(text: bytes) -> bytes:
    """Return tokens as one text; an extension behind it (`|...|`) stays."""
    tokens, bar, extension = text.partition(b"|")
    return tokens.replace(b" ", b"") + (b" " + bar + extension if bar else b"")
