"""Requests to vLLM's server that its processors cannot refuse: answered with 400 before they run.

``--middleware logos_grammar.serving.vllm_http.RefuseUnmet`` sees what ``validate_params`` does not:
the prompt, and that beam search drops the terms.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from typing import Any, TypeAlias

from logos_grammar.serving.schema import MOST_ID, MOST_TOKENS, integers
from logos_grammar.serving.sentence import EOS
from logos_grammar.serving.terms import read_terms
from logos_grammar.serving.vllm_params import ARGUMENT, first_id_of
from logos_grammar.vocabulary import vocabulary

DEFAULT_MAX_TOKENS = 16
"""What a completion without ``max_tokens`` has."""

MOST_PROMPTS = 1024
"""How many prompts of one request are looked at; one with more is refused."""

UNKNOWN = next(id for id in range(vocabulary.size) if id not in vocabulary)
"""What the tokenizer of a server makes of a word that is not the name of a token."""

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Application: TypeAlias = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]


class RefuseUnmet:
    """An ASGI application around another, which gets only requests that can be met.

    Parameters
    ----------
    app
        The server's.
    """

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer 400 or pass the request on."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        messages = [await receive()]
        while messages[-1].get("more_body"):
            messages.append(await receive())
        body = b"".join(message.get("body", b"") for message in messages)
        model = _model_config_of(scope)
        longest = getattr(model, "max_model_len", None)
        # In a thread: other requests are answered while a long one is looked at.
        reason = await asyncio.to_thread(
            refusal, body, first_id=first_id_of(model), longest=longest
        )
        if reason is None:
            await self._app(scope, _replayed(messages, receive), send)
            return
        error = {"message": reason, "type": "BadRequestError", "param": ARGUMENT, "code": 400}
        said = json.dumps({"error": error}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(said))]
        await send({"type": "http.response.start", "status": 400, "headers": headers})
        await send({"type": "http.response.body", "body": said})


def refusal(body: bytes, *, first_id: int = 0, longest: int | None = None) -> str | None:
    """Why a request cannot be met; None where it can, or is not one with terms.

    Parameters
    ----------
    body
        JSON, as it came.
    first_id
        The model's id of the grammar's id 0.
    longest
        The most ids that the model takes: the server refuses a longer prompt.
    """
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        return None  # the server refuses it
    given = asked.get("vllm_xargs") if isinstance(asked, Mapping) else None
    if not isinstance(given, Mapping) or ARGUMENT not in given:
        return None
    if asked.get("use_beam_search"):
        return f"use_beam_search: expected none beside {ARGUMENT}: vLLM's beams drop the terms"
    try:
        _check(asked, given[ARGUMENT], first_id, MOST_TOKENS if longest is None else longest)
    except ValueError as error:
        return str(error)
    return None


def _check(asked: Mapping[str, Any], value: Any, first_id: int, longest: int) -> None:
    terms = read_terms(value, first_id=first_id)
    most = asked.get("max_tokens")
    most = DEFAULT_MAX_TOKENS if most is None else most
    if not isinstance(most, int):
        return  # the server refuses it
    seen = set[tuple[int, ...]]()
    for prompt_ids in _prompts(asked.get("prompt"), first_id, longest):
        begun = tuple(terms.prefix_in(prompt_ids, first_id=first_id))
        if begun not in seen:
            seen.add(begun)
            ends: dict[str, Any] = {"stop_ids": (first_id + EOS,), "first_id": first_id}
            terms.sentence(begun, limit=len(begun) + most, **ends)


def _prompts(prompt: Any, first_id: int, longest: int) -> Iterator[tuple[int, ...]]:
    """The prompts of a completion whose ids are known; of texts, when the vocabulary is ours.

    Not those that the server refuses, as they are longer than what the model takes.
    """
    prompts = prompt if isinstance(prompt, list) and not _is_ids(prompt) else [prompt]
    if len(prompts) > MOST_PROMPTS:
        raise ValueError(
            f"prompt: expected at most {MOST_PROMPTS:,} beside {ARGUMENT}, got {len(prompts):,}"
        )
    for each in prompts:
        if isinstance(each, str) and not first_id:
            words = each.split()
            if len(words) <= longest:
                yield tuple(vocabulary.id(w) if w in vocabulary else UNKNOWN for w in words)
        elif isinstance(each, list) and _is_ids(each) and len(each) <= longest:
            yield integers(0, MOST_ID, count=MOST_TOKENS)("prompt", each)


def _is_ids(prompt: list[Any]) -> bool:
    return all(isinstance(id, int) for id in prompt)


def _model_config_of(scope: MutableMapping[str, Any]) -> Any:
    """What the server says of its model."""
    state = getattr(scope.get("app"), "state", None)
    return getattr(getattr(state, "vllm_config", None), "model_config", None)


def _replayed(messages: list[Message], receive: Receive) -> Receive:
    unread = iter(messages)

    async def received() -> Message:
        message = next(unread, None)
        return await receive() if message is None else message

    return received
