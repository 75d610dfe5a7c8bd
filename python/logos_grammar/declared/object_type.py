"""Object type: what was declared, and its objects to ids and back."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt

from logos_grammar import _core, registry
from logos_grammar.codec import as_ids
from logos_grammar.declared.parts import Part, Reader, Writer
from logos_grammar.declared.sections import sections_of
from logos_grammar.error import GrammarError
from logos_grammar.grammar.notation import Page
from logos_grammar.grammar.spec import page_of
from logos_grammar.registry import DeclaredToken


@dataclass(frozen=True, eq=False, repr=False)
class ObjectType:
    """A declared object type; `logos_grammar.declare` makes it.

    Attributes
    ----------
    kind
        Its name: that of the first rule.
    cls
        The class of its objects.
    text
        Its grammar.
    tokens
        The tokens that it declares, by ascending id.
    """

    kind: str
    cls: type
    text: str
    tokens: tuple[DeclaredToken, ...]
    grammar: _core.Grammar
    root: Part

    @classmethod
    def of(cls, text: str, grammar: _core.Grammar, root: Part) -> ObjectType:
        """Make the type of a grammar whose first rule is read and written by a part."""
        tokens = tuple(
            DeclaredToken(id, name, gloss, section, grammar.kind)
            for id, name, gloss, section in grammar.tokens()
        )
        return cls(grammar.kind, root.classes()[0], text, tokens, grammar, root)

    @property
    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal, over the id and name of each of its tokens."""
        listed = "".join(f"{token.id}\t{token.name}\n" for token in self.tokens)
        return sha256(listed.encode()).hexdigest()

    @property
    def sections(self) -> dict[str, range]:
        """The ids of each section, by ``kind.section``; by its name alone when that is the kind."""
        return sections_of(self.grammar)

    @property
    def page(self) -> Page:
        """Its rules, conditions and examples, as data; its own names are ``kind.name``."""
        return page_of(self.grammar)

    def encode(self, obj: Any) -> npt.NDArray[np.uint16]:
        """The one sentence of an object; see `logos_grammar.encode`."""
        writer = Writer()
        try:
            self.root.write(obj, writer)
        except RecursionError:
            raise writer.error("objects that nest no deeper than Python recurses") from None
        ids = np.array(writer.ids, np.uint16)
        error = self.grammar.check(ids)
        if error is not None:
            raise error
        return ids

    def decode(self, ids: npt.NDArray[np.uint16]) -> Any:
        """The object of a sentence; see `logos_grammar.decode`."""
        error = self.grammar.check(ids)
        if error is not None:
            raise error
        reader = Reader(ids.tolist())
        try:
            return self.root.read(reader)
        except RecursionError:
            message = f"expected nesting no deeper than Python recurses, at token {reader.at}"
            raise GrammarError(message, position=reader.at) from None

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the name: the type is declared in the other process, too."""
        return registry.named, (self.kind,)

    def __repr__(self) -> str:
        cls = f"{self.cls.__module__}.{self.cls.__qualname__}"
        return f"<ObjectType {self.kind} of {cls}, {len(self.tokens)} tokens of its own>"

    def try_examples(self) -> None:
        """Try the examples of its grammar.

        Raises
        ------
        ValueError
            At the first that is not of the object, not accepted and read and written the same, or
            not refused where and why it says.
        """
        page = self.page
        rules = {each.rule for each in page.accepted} | {each.rule for each in page.refused}
        if rules - {self.kind}:
            raise ValueError(f"expected examples of {self.kind}, not of {', '.join(rules)}")
        for accepted in page.accepted:
            ids = as_ids(accepted.ids)
            if (error := self.grammar.check(ids)) is not None:
                raise ValueError(f"expected {accepted.ids} to be accepted: {error}")
            if self.encode(self.decode(ids)).tolist() != list(accepted.ids):
                raise ValueError(f"expected {accepted.ids} to be written as it was read")
        for refused in page.refused:
            error = self.grammar.check(as_ids(refused.ids))
            found = "a sentence" if error is None else str(error)
            wanted = (refused.position, refused.reason)
            if error is None or (error.position, error.condition or "expected") != wanted:
                raise ValueError(f"expected {refused.ids} to be refused at {wanted}, found {found}")
