"""What a request requires of the grammar, as arguments or as one line of text."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from logos_grammar._core import Recognizer
from logos_grammar.error import GrammarError
from logos_grammar.profile import Profile
from logos_grammar.serving.schema import (
    MOST_ID,
    MOST_TOKENS,
    TERMS,
    integer,
    integers,
    known_fields,
    object_of_json,
    refuse,
)
from logos_grammar.serving.sentence import BOS, EOS, Sentence, begin_of, checked_begin_id
from logos_grammar.vocabulary import vocabulary

ANY = "any"
"""The name, as text, of every kind together."""

UNEXPECTED, CONDITION = 1, 2
"""The codes of refusals by a rule and by a side condition."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Which sentences a request may generate.

    Parameters
    ----------
    kind
        An object type's name; None is any of them.
    profile
        The sublanguage, as :class:`logos_grammar.Recognizer` takes it.
    budget
        The sentence is complete within this number of tokens, counted from its beginning, those in
        the prompt among them.
    prefix
        The grammar's ids of the sentence that the prompt already holds; empty when the whole
        prompt comes before the sentence. None: looked for in the prompt.
    begin_id
        With no prefix given, the sentence begins behind the last such id of the prompt, one that
        no sentence has; where there is not ``<bos>``, with the prompt.

    Raises
    ------
    ValueError
        When a field is not what :data:`logos_grammar.serving.schema.TERMS` says, with its name; or
        the grammar has no such kind or profile, or no sentence of it as short as the budget.
    """

    kind: str | None = None
    profile: str | Profile | None = None
    budget: int | None = None
    prefix: tuple[int, ...] | None = None
    begin_id: int = BOS

    def __post_init__(self) -> None:
        for name, check in TERMS.items():
            object.__setattr__(self, name, check(name, getattr(self, name)))
        profile, budget = {"profile": self.profile}, {"budget": self.budget}
        for name, given in (("kind", {}), ("profile", profile), ("budget", {**profile, **budget})):
            try:
                Recognizer(self.kind, **given)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from error

    def min_tokens(self) -> int:
        """How many tokens the shortest sentence has."""
        return int(self._recognizer().min_tokens_to_complete())

    def prefix_in(self, prompt_ids: Sequence[int], *, first_id: int = 0) -> list[int]:
        """The model's ids of the sentence that a prompt holds, or of those given.

        Raises
        ------
        ValueError
            When ``begin_id`` is a token of the grammar other than ``<bos>``, or is not there.
        """
        if self.prefix is not None:
            return [first_id + id for id in self.prefix]
        begin_id = checked_begin_id(self.begin_id, first_id=first_id)
        begin = begin_of(np.asarray(prompt_ids), begin_id=begin_id, first_id=first_id)
        return [int(id) for id in prompt_ids[begin:]]

    def sentence(
        self,
        prefix: Sequence[int],
        *,
        limit: int | None = None,
        stop_ids: Collection[int],
        pad_id: int | None = None,
        first_id: int = 0,
    ) -> Sentence:
        """The sentence after some of its tokens.

        Parameters
        ----------
        prefix
            The model's ids of its tokens so far, and behind a complete one stop ids and padding.
        limit
            A second budget; the smaller one holds.
        stop_ids, pad_id, first_id
            As :class:`logos_grammar.serving.sentence.Sentence` takes them.

        Raises
        ------
        GrammarError
            At the first token that is not allowed, or, at the length of the prefix, when the
            sentence cannot be complete within the budget.
        """
        ends: dict[str, Any] = {"stop_ids": stop_ids, "pad_id": pad_id, "first_id": first_id}
        free = self._recognizer()
        sentence = Sentence(free, **ends)
        taken = sentence.accept_many(prefix)
        if taken < len(prefix):
            raise _refusal(free, prefix[taken] - first_id, taken)
        budgets = [budget for budget in (self.budget, limit) if budget is not None]
        if not budgets:
            return sentence
        budget, length, missing = (
            min(budgets),
            int(free.position),
            int(free.min_tokens_to_complete()),
        )
        if length + missing > budget:
            raise GrammarError(
                f"expected room for {missing} more tokens, which the sentence needs at least, "
                f"got {max(0, budget - length)}",
                position=length,
            )
        bound = Sentence(self._recognizer(budget), **ends)
        taken = bound.accept_many(prefix)
        # Under valences a prefix may need more tokens than its longest continuation here.
        if taken < len(prefix):
            raise GrammarError(
                f"expected room for more than {budget} tokens in all for what begins so",
                position=taken,
            )
        return bound

    def _recognizer(self, budget: int | None = None) -> Recognizer:
        return Recognizer(self.kind, profile=self.profile, budget=budget)

    def to_text(self) -> str:
        """One line of JSON that :func:`read_terms` reads."""
        values = ((field, getattr(self, field.name)) for field in fields(self))
        given = {field.name: value for field, value in values if value != field.default}
        return json.dumps(given, default=_asked)


def read_terms(value: str | Mapping[str, Any], *, first_id: int = 0) -> Terms:
    """Read the terms of a request.

    Parameters
    ----------
    value
        A kind ("molecule", or "any"), or the arguments of :class:`Terms` as a mapping or as JSON; a
        profile is its name, or the arguments of :class:`logos_grammar.Profile`.
    first_id
        The id of the grammar's id 0 in the model that the request goes to.

    Raises
    ------
    ValueError
        When it is not one of these, or names something that does not exist; or when ``begin_id`` is
        a token of the grammar other than ``<bos>``.
    """
    first_id = integer(0, MOST_ID)("first_id", first_id)
    if isinstance(value, str) and not value.lstrip().startswith("{"):
        return Terms(kind=None if value == ANY else value)
    if isinstance(value, str):
        value = object_of_json(value)
    if not isinstance(value, Mapping):
        refuse("", "a kind or an object of JSON", value)
    known_fields("", value, list(TERMS))
    given = dict(value)
    if given.get("kind") == ANY:
        given["kind"] = None
    terms = Terms(**given)
    checked_begin_id(terms.begin_id, first_id=first_id)
    return terms


def request(  # noqa: PLR0913 (each a choice of the user's)
    kind: str | None = None,
    *,
    prompt_ids: Sequence[int],
    max_new_tokens: int,
    profile: str | Profile | None = None,
    prefix: Sequence[int] | None = None,
    begin_id: int = BOS,
    first_id: int = 0,
) -> str:
    """The terms of one request as text, checked: it can finish within its tokens.

    A running engine cannot reject one request of many, so check it here first.

    Parameters
    ----------
    kind, profile, begin_id
        As in :class:`Terms`; ``"any"`` is every kind, as None is.
    prompt_ids
        The prompt that goes with it, with its ``<bos>``.
    max_new_tokens
        How many tokens will be generated at most.
    prefix
        The grammar's ids of the sentence that the prompt holds; by default they are looked for in
        it. An empty one: the whole prompt comes before the sentence.
    first_id
        The id of the grammar's id 0 in an extended language model, whose ids those of the prompt
        are: ``logos_first_id`` of its configuration.

    Returns
    -------
    text
        For vLLM's ``extra_args`` and SGLang's ``ebnf``.

    Raises
    ------
    GrammarError
        When no sentence begins so, or none of those that do is complete within the tokens.
    ValueError
        When the grammar has no such kind or profile, or an argument is not what it must be.
    """
    first_id = integer(0, MOST_ID)("first_id", first_id)
    kind = None if kind == ANY else kind
    given: Any = prefix  # which Terms makes a tuple
    terms = Terms(kind=kind, profile=profile, prefix=given, begin_id=begin_id)
    checked_begin_id(terms.begin_id, first_id=first_id)
    prompt = integers(0, MOST_ID, count=MOST_TOKENS)("prompt_ids", prompt_ids)
    begun = [id - first_id for id in terms.prefix_in(prompt, first_id=first_id)]
    limit = len(begun) + integer(1, MOST_ID)("max_new_tokens", max_new_tokens)
    terms.sentence(begun, limit=limit, stop_ids=(EOS,))
    return Terms(kind=kind, profile=profile, budget=limit, prefix=tuple(begun)).to_text()


def _refusal(recognizer: Recognizer, id: int, position: int) -> GrammarError:
    name = vocabulary.name(id) if id in vocabulary else f"id {id}"
    message, condition = f"unexpected {name} at token {position}", None
    if recognizer.is_accepting:
        message += "; expected a stop id, as the sentence is complete"
    elif id in vocabulary and (found := recognizer.error()) is not None:
        code, _, reason = found
        message = reason if code == UNEXPECTED else f"{name} at token {position} breaks {reason}"
        condition = reason if code == CONDITION else None
    return GrammarError(
        message, position=position, expected_ids=recognizer.allowed(), condition=condition
    )


def _asked(profile: Any) -> dict[str, Any]:
    """The arguments of a profile."""
    if not isinstance(profile, Profile):
        raise TypeError(f"expected a profile or its name, got {profile!r}")
    values = ((field, getattr(profile, field.name)) for field in fields(profile))
    return {field.name: value for field, value in values if value != field.default}
