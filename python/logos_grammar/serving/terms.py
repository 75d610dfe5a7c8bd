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
from logos_grammar.serving.sentence import BOS, EOS, Sentence, begin_of
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
        The tokens of the sentence that the prompt already holds; empty when the whole prompt comes
        before the sentence. None: looked for in the prompt.
    begin_id
        With no prefix given, the sentence begins behind the last such id of the prompt; where there
        is not ``<bos>``, with the prompt.

    Raises
    ------
    ValueError
        When the grammar has no such kind or profile, or the budget is not positive.
    """

    kind: str | None = None
    profile: str | Profile | None = None
    budget: int | None = None
    prefix: tuple[int, ...] | None = None
    begin_id: int = BOS

    def __post_init__(self) -> None:
        self._recognizer()
        if self.budget is not None and self.budget <= 0:
            raise ValueError(f"expected a budget above 0, got {self.budget}")
        if self.begin_id in vocabulary and self.begin_id != BOS:
            name = vocabulary.name(self.begin_id)
            raise ValueError(
                f"expected as begin_id <bos> or an id outside the vocabulary, got {name}"
            )

    def prefix_in(self, prompt_ids: Sequence[int]) -> list[int]:
        """The tokens of the sentence that a prompt holds, or those given."""
        if self.prefix is not None:
            return list(self.prefix)
        begin = begin_of(np.asarray(prompt_ids), begin_id=self.begin_id)
        return [int(id) for id in prompt_ids[begin:]]

    def sentence(
        self,
        prefix: Sequence[int],
        *,
        limit: int | None = None,
        stop_ids: Collection[int],
        pad_id: int | None = None,
    ) -> Sentence:
        """The sentence after some of its tokens.

        Parameters
        ----------
        prefix
            Its tokens so far, and behind a complete one stop ids and padding.
        limit
            A second budget; the smaller one holds.

        Raises
        ------
        GrammarError
            At the first token that is not allowed, or, at the length of the prefix, when the
            sentence cannot be complete within the budget.
        """
        ends: dict[str, Any] = {"stop_ids": stop_ids, "pad_id": pad_id}
        free = self._recognizer()
        sentence = Sentence(free, **ends)
        taken = sentence.accept_many(prefix)
        if taken < len(prefix):
            raise _refusal(free, prefix[taken], taken)
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


def read_terms(value: str | Mapping[str, Any]) -> Terms:
    """Read the terms of a request.

    Parameters
    ----------
    value
        A kind ("molecule", or "any"), or the arguments of :class:`Terms` as a mapping or as JSON; a
        profile is its name, or the arguments of :class:`logos_grammar.Profile`.

    Raises
    ------
    ValueError
        When it is not one of these, or names something that does not exist.
    """
    if isinstance(value, str) and not value.lstrip().startswith("{"):
        return Terms(kind=None if value == ANY else value)
    try:
        given = json.loads(value) if isinstance(value, str) else dict(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"expected a kind or an object of JSON, got {value!r}") from error
    known = {field.name for field in fields(Terms)}
    if not given.keys() <= known:
        unknown = ", ".join(sorted(map(str, given.keys() - known)))
        raise ValueError(f"expected {', '.join(sorted(known))}, got {unknown}")
    if given.get("kind") == ANY:
        given["kind"] = None
    if isinstance(given.get("profile"), Mapping):
        given["profile"] = _profile(given["profile"])
    if given.get("prefix") is not None:
        given["prefix"] = tuple(int(id) for id in given["prefix"])
    return Terms(**given)


def request(  # noqa: PLR0913 (each a choice of the user's)
    kind: str | None = None,
    *,
    prompt_ids: Sequence[int],
    max_new_tokens: int,
    profile: str | Profile | None = None,
    prefix: Sequence[int] | None = None,
    begin_id: int = BOS,
) -> str:
    """The terms of one request as text, checked: it can finish within its tokens.

    A running engine cannot reject one request of many, so check it here first.

    Parameters
    ----------
    kind, profile, begin_id
        As in :class:`Terms`.
    prompt_ids
        The prompt that goes with it, with its ``<bos>``.
    max_new_tokens
        How many tokens will be generated at most.
    prefix
        The tokens of the sentence that the prompt holds; by default they are looked for in it. An
        empty one: the whole prompt comes before the sentence.

    Returns
    -------
    text
        For vLLM's ``extra_args`` and SGLang's ``ebnf``.

    Raises
    ------
    GrammarError
        When no sentence begins so, or none of those that do is complete within the tokens.
    ValueError
        When the grammar has no such kind or profile.
    """
    terms = Terms(
        kind=kind,
        profile=profile,
        prefix=None if prefix is None else tuple(int(id) for id in prefix),
        begin_id=begin_id,
    )
    begun = terms.prefix_in(prompt_ids)
    limit = len(begun) + max_new_tokens
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


def _profile(asked: Mapping[str, Any]) -> Profile:
    known = {field.name for field in fields(Profile)}
    if not asked.keys() <= known:
        unknown = ", ".join(sorted(map(str, asked.keys() - known)))
        raise ValueError(f"expected a profile of {', '.join(sorted(known))}, got {unknown}")
    length = asked.get("length")
    given = {**asked, "length": tuple(length) if isinstance(length, list) else length}
    try:
        return Profile(**given)
    except TypeError as error:
        raise ValueError(str(error)) from error
