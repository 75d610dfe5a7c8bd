"""Scientific objects as sentences of one vocabulary, and back, losslessly.

>>> import logos_grammar as lg
>>> caffeine = lg.molecule.Molecule.from_smiles("Cn1cnc2c1c(=O)n(C)c(=O)n2C")
>>> ids = lg.encode(caffeine)
>>> lg.decode(ids) == caffeine
True
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from logos_grammar import object_types
from logos_grammar._core import Recognizer, accept_batch, apply_batch, fill_batch
from logos_grammar.codec import (
    check,
    decode,
    decode_many,
    encode,
    encode_many,
    next_ids,
)
from logos_grammar.columns import Columns, Words
from logos_grammar.encoded import Encoded
from logos_grammar.error import ConversionError, GrammarError
from logos_grammar.fixed import Fixed
from logos_grammar.formats import fasta
from logos_grammar.formats.logos import from_logos, to_logos
from logos_grammar.object_types import *  # noqa: F403 (the package of each object type)
from logos_grammar.object_types import ScientificObject
from logos_grammar.profile import Profile
from logos_grammar.prompts import Prompt, prompt
from logos_grammar.texts import decode_texts, encode_texts
from logos_grammar.version import __version__ as __version__
from logos_grammar.vocabulary import Block, Vocabulary, vocabulary

if TYPE_CHECKING:
    from logos_grammar import prep
    from logos_grammar.declared import ObjectType, declare

__all__ = [
    "Block",
    "Columns",
    "ConversionError",
    "Encoded",
    "Fixed",
    "GrammarError",
    "ObjectType",
    "Profile",
    "Prompt",
    "Recognizer",
    "ScientificObject",
    "Vocabulary",
    "Words",
    "accept_batch",
    "apply_batch",
    "check",
    "declare",
    "decode",
    "decode_many",
    "decode_texts",
    "encode",
    "encode_many",
    "encode_texts",
    "fasta",
    "fill_batch",
    "from_logos",
    "next_ids",
    "prep",
    "prompt",
    "to_logos",
    "vocabulary",
]
__all__ += object_types.__all__


def __getattr__(name: str) -> Any:
    """Load `prep` and `declare` on first use, so that a user who only encodes does not wait."""
    if name == "prep":
        return import_module("logos_grammar.prep")
    if name in ("ObjectType", "declare"):
        return getattr(import_module("logos_grammar.declared"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """What is public, loaded or not."""
    return [*__all__, "__version__"]
