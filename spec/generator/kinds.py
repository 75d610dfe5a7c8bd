"""The kinds: read from the rules and the blocks of the object types, written for each layer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.text import NOTICE, SPEC, camel, quote
from generator.vocabulary import Vocabulary


@dataclass(frozen=True)
class Kinds:
    """The object types, the forms into which the first rule of a type divides, and the texts."""

    types: tuple[str, ...]
    forms: dict[str, str]
    """The object type of each form."""
    texts: dict[str, str]
    """What the text of a kind is, in words."""

    def object_type(self, kind: str) -> str:
        """The object type of a kind."""
        return self.forms.get(kind, kind)


def read_kinds(vocabulary: Vocabulary) -> Kinds:
    """Read the kinds from the first rule of each object file and from the blocks of the types."""
    files = sorted((SPEC / "objects").glob("*.ebnf"))
    types = tuple(file.stem for file in files)
    forms: dict[str, str] = {}
    for file in files:
        text = re.sub(r"\(\*.*?\*\)", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        first = re.match(rf"\s*{file.stem}\s*=\s*(\w+(?:\s*\|\s*\w+)+)\s*;", text)
        if first:
            forms |= dict.fromkeys((form.strip() for form in first[1].split("|")), file.stem)
    texts: dict[str, str] = {}
    for block in vocabulary.blocks:
        for kind, words in block.texts.items():
            if block.name not in types or forms.get(kind, kind) != block.name:
                raise SystemExit(f"expected {block.name} or a form of it as a text, not {kind}")
            texts[kind] = words
    return Kinds(types, forms, texts)


def core_objects_rs(kinds: Kinds) -> str:
    """The modules of the core's object types, and the macros that name all types and all texts."""
    texts = [
        f'            "{kind}" {camel(kind)} {kinds.object_type(kind)}::{camel(kind)}Text'
        for kind in kinds.texts
    ]
    return "\n".join(
        [
            f"//! The list of object types: {NOTICE}.",
            "",
            *(f"pub mod {name};" for name in kinds.types),
            "",
            *(f"pub use {name}::{camel(name)};" for name in kinds.types),
            "",
            "/// Hand the list of object types, `module Type` each, to a macro.",
            "#[macro_export]",
            "macro_rules! for_each_object {",
            "    ($macro:ident) => {",
            "        $macro! {",
            *(f"            {name} {camel(name)}" for name in kinds.types),
            "        }",
            "    };",
            "}",
            "",
            '/// Hand the list of kinds of text, `"kind" Kind module::Text` each, to a macro.',
            "#[macro_export]",
            "macro_rules! for_each_text {",
            "    ($macro:ident) => {",
            "        $macro! {",
            *texts,
            "        }",
            "    };",
            "}",
            "",
        ]
    )


def border_objects_rs(types: tuple[str, ...]) -> str:
    """The modules of the border, one an object type."""
    return "\n".join(
        [
            f"//! The list of object types at the border: {NOTICE}.",
            "",
            *(f"mod {name};" for name in types),
            "",
        ]
    )


def kinds_py(kinds: Kinds) -> str:
    """The kinds, by name; `kinds.py` is what the package uses."""
    return "\n".join(
        [
            f'"""The kinds of objects and of texts: {NOTICE}."""',
            "",
            "from collections.abc import Mapping",
            "from types import MappingProxyType",
            "from typing import Final, Literal, TypeAlias",
            "",
            "TextKind: TypeAlias = Literal[",
            *(f"    {quote(kind)}," for kind in kinds.texts),
            "]",
            "",
            *mapping_py("OBJECT_TYPES", {name: camel(name) for name in kinds.types}),
            '"""The class of each object type."""',
            "",
            *mapping_py("FORMS", kinds.forms),
            '"""The object type of each form, into which its first rule divides it."""',
            "",
            *mapping_py("TEXTS", kinds.texts, key="TextKind"),
            '"""What the text of a kind is, in words, for each kind that has a text."""',
            "",
        ]
    )


def mapping_py(name: str, entries: dict[str, str], key: str = "str") -> list[str]:
    """The lines of a constant mapping."""
    return [
        f"{name}: Final[Mapping[{key}, str]] = MappingProxyType(",
        "    {",
        *(f"        {quote(each)}: {quote(entries[each])}," for each in entries),
        "    }",
        ")",
    ]


def union_py(name: str, members: list[str]) -> list[str]:
    """The lines of a union of types, as the formatter leaves them."""
    begin, joined = f"{name}: TypeAlias = ", " | ".join(members)
    if len(begin + joined) <= 100:
        return [begin + joined]
    first, *others = members
    lines = [f"    {joined}"]
    if len(lines[0]) > 100:
        lines = [f"    {first}", *(f"    | {each}" for each in others)]
    return [f"{begin}(", *lines, ")"]


def object_types_py(types: tuple[str, ...]) -> str:
    """The packages and classes of the object types."""
    return "\n".join(
        [
            f'"""The classes of the object types: {NOTICE}."""',
            "",
            "from collections.abc import Mapping",
            "from types import MappingProxyType",
            "from typing import Final, TypeAlias",
            "",
            "from logos_grammar import (",
            *(f"    {name}," for name in types),
            ")",
            *(f"from logos_grammar.{name} import {camel(name)}" for name in types),
            "",
            "__all__ = [",
            *(f'    "{name}",' for name in types),
            "]",
            "",
            *union_py("ScientificObject", [camel(name) for name in types]),
            '"""Any object of the spec."""',
            "",
            "CLASSES: Final[Mapping[str, type[ScientificObject]]] = MappingProxyType(",
            "    {",
            *(f'        "{name}": {camel(name)},' for name in types),
            "    }",
            ")",
            '"""The class of each object type."""',
            "",
        ]
    )
