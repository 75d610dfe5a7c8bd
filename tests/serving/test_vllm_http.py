"""The middleware of vLLM's server: 400 for what cannot be met, and nothing changed for the rest."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Mapping, MutableMapping
from types import SimpleNamespace
from typing import Any

import pytest

from logos_grammar.serving import vllm, vllm_http
from logos_grammar.serving.vllm_http import RefuseUnmet


def answer(
    body: bytes, *, pieces: int = 1, scope: Mapping[str, Any] | None = None
) -> tuple[int, bytes]:
    """The status and the body that come back from a server that echoes what it gets."""
    size = -(-len(body) // pieces) or 1
    cut = [body[at : at + size] for at in range(0, len(body), size)] or [b""]
    coming = [
        {"type": "http.request", "body": piece, "more_body": at + 1 < len(cut)}
        for at, piece in enumerate(cut)
    ]
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return coming.pop(0) if coming else {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def echo(scope: Any, receive: Any, send: Any) -> None:
        got = b""
        while True:
            message = await receive()
            got += message.get("body", b"")
            if not message.get("more_body"):
                break
        assert (await receive())["type"] == "http.disconnect"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": got})

    what = {"type": "http", "method": "POST", "path": "/v1/completions", **(scope or {})}
    asyncio.run(RefuseUnmet(echo)(what, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


def completion(terms: Any = "molecule", **fields: Any) -> bytes:
    given = {"prompt": [1], "max_tokens": 9, "vllm_xargs": {vllm.ARGUMENT: terms}, **fields}
    return json.dumps(given).encode()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (completion(use_beam_search=True), "use_beam_search: expected none beside logos_grammar"),
        (completion(use_beam_search=True, prompt=None, messages=[]), "use_beam_search"),
        (completion(max_tokens=2), "expected room for 3 more tokens"),
        (completion("reaction", max_tokens=None, prompt=[1, 194, 192]), "expected <ReactionS>"),
        (completion(prompt=[1, 32]), "unexpected <ProteinS> at token 0"),
        (completion(prompt=[[1], [1, 32]]), "unexpected <ProteinS> at token 0"),
        (completion(prompt="<MoleculeS> <ProteinS>"), "<ProteinS>"),
        (completion(prompt=["<MoleculeS>", "<ProteinS>"]), "unexpected <ProteinS> at token 0"),
        (completion(prompt="hello"), "unexpected id 3 at token 0"),
        (completion(prompt=["<MoleculeS>", "hello"]), "unexpected id 3 at token 0"),
        (completion(5), "expected a kind or an object of JSON, got 5"),
        (completion({"kind": "molecule", "budget": 10.0}), "budget: expected an integer"),
        (completion(prompt=[1, -5]), r"prompt[1]: expected an integer"),
        (completion(prompt=[[1]] * 200_000), "prompt: expected at most 1,024 beside logos_grammar"),
    ],
)
@pytest.mark.parametrize("pieces", [1, 3])
def test_what_cannot_be_met_is_answered_with_400(body: bytes, words: str, pieces: int) -> None:
    status, found = answer(body, pieces=pieces)
    assert status == 400
    error = json.loads(found)["error"]
    assert words in error["message"]
    assert error["code"] == 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b"5",
        b'{"prompt": "hello", "use_beam_search": true}',
        completion(),
        completion(prompt=[1, 192, 384]),
        completion(prompt="<MoleculeS> C"),
        completion(prompt="hello <bos> <MoleculeS>"),
        completion(prompt=["<MoleculeS>", 5, None]),
        completion(prompt=None),
        completion(max_tokens="x"),
        completion(use_beam_search=False),
        b'{"vllm_xargs": 5}',
    ],
)
@pytest.mark.parametrize("pieces", [1, 3])
def test_the_server_gets_the_rest_as_it_came(body: bytes, pieces: int) -> None:
    assert answer(body, pieces=pieces) == (200, body)


@pytest.mark.parametrize("scope", [{"method": "GET"}, {"type": "websocket"}])
def test_other_requests_pass(scope: dict[str, str]) -> None:
    assert answer(completion(use_beam_search=True), scope=scope)[0] == 200


def test_a_prompt_that_is_too_long_for_the_model_is_refused_by_the_server() -> None:
    config = SimpleNamespace(max_model_len=4)
    state = SimpleNamespace(vllm_config=SimpleNamespace(model_config=config))
    scope = {"app": SimpleNamespace(state=state)}
    broken = completion(prompt=[1, 192, 32, 32])
    longer = completion(prompt=[1, 192, 32, 32, 32])
    assert answer(broken, scope=scope)[0] == 400
    assert answer(longer, scope=scope) == (200, longer)


def test_others_are_answered_while_a_request_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    other_was_answered = threading.Event()
    look = vllm_http.refusal

    def slow(body: bytes, **given: Any) -> str | None:
        if b"slow" in body:
            assert other_was_answered.wait(60), "the other request waits"
        return look(body, **given)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if b"slow" not in (await receive())["body"]:
            other_was_answered.set()

    async def request(body: bytes) -> None:
        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": body}

        async def send(message: MutableMapping[str, Any]) -> None:
            raise AssertionError(message)

        await RefuseUnmet(app)({"type": "http", "method": "POST"}, receive, send)

    async def both() -> None:
        await asyncio.gather(request(completion(user="slow")), request(completion()))

    monkeypatch.setattr(vllm_http, "refusal", slow)
    asyncio.run(both())
    assert other_was_answered.is_set()
