"""The grammar read as data: an independent recogniser and sentence generator.

It reads the text of spec/ and nothing else, and shares no code with the core.
"""

from oracle.generate import completion, lowest_ids, prefixes, random_sentence, words
from oracle.notation import SPEC, Example, Rule, Spec, read_spec
from oracle.recognise import EXPECTED, NotASentence, Recogniser, State
from oracle.rule import NotationError, Where

__all__ = [
    "EXPECTED",
    "SPEC",
    "Example",
    "NotASentence",
    "NotationError",
    "Recogniser",
    "Rule",
    "Spec",
    "State",
    "Where",
    "completion",
    "lowest_ids",
    "prefixes",
    "random_sentence",
    "read_spec",
    "words",
]
