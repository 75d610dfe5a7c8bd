"""A live server of vLLM on the loopback address: malformed terms, the page's example, the rest."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from benchmarks.serving.engine import PROCESSOR
from benchmarks.serving.traffic import BOS, EOS, MAX_MODEL_LEN

import logos_grammar as lg
import logos_grammar.serving
from logos_grammar.serving.vllm import ARGUMENT

HOST, NAME = "127.0.0.1", "logos"
MIDDLEWARE = "logos_grammar.serving.vllm_http.RefuseUnmet"
PAGE = Path(logos_grammar.serving.__file__).with_name("README.md")
MALFORMED: tuple[Any, ...] = (
    None,
    True,
    5,
    1e30,
    [],
    ["molecule", 1],
    {"kind": "molecule"},
    "",
    "sonnet",
    "{",
    "{}x",
    '{"kind": 5}',
    '{"kind": "molecule", "budget": 10.0}',
    '{"kind": "molecule", "budget": NaN}',
    '{"kind": "molecule", "budget": 1e400}',
    '{"kind": "molecule", "budget": true}',
    '{"kind": "molecule", "budget": 9, "budget": 9}',
    '{"prefix": [null]}',
    '{"prefix": [1e400]}',
    '{"prefix": [192.9]}',
    '{"prefix": "123"}',
    '{"begin_id": "x"}',
    '{"profile": {"length": {"a": 1}}}',
    '{"kind": "molecule", "prefix": [32]}',
    '{"prefix": ' + "[" * 100_000,
    '{"budget": ' + "9" * 5000 + "}",
)
SECONDS_TO_START = 600
NO_ANSWER = 0
"""The status of a request to which no answer came."""


@contextmanager
def server(folder: Path, log: Path) -> Iterator[str]:
    """Start a server, give its address, and stop it."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    module = "vllm.entrypoints.openai.api_server"
    command = [sys.executable, "-m", module, "--model", str(folder), "--served-model-name", NAME]
    command += ["--host", HOST, "--port", str(port), "--dtype", "float32", "--enforce-eager"]
    command += ["--max-model-len", str(MAX_MODEL_LEN), "--max-num-seqs", "32"]
    command += ["--logits-processors", PROCESSOR, "--middleware", MIDDLEWARE]
    address = f"http://{HOST}:{port}"
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        try:
            _wait(process, address, log)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=60)


def answers(address: str) -> dict[str, Any]:
    """Send what is malformed, and behind each a request that must be answered as ever.

    Returns
    -------
    counts
        How many were refused with 400, and what was not as it must be.
    """
    faults, refused = [], 0
    contrary: list[dict[str, Any]] = [{"xargs": terms} for terms in MALFORMED]
    contrary += [
        {"max_tokens": 2},
        {"use_beam_search": True, "n": 2},
        {"allowed_token_ids": [32]},
        {"ignore_eos": True},
        {"prompt": [BOS, 32]},
        {"prompt": "hello"},
    ]
    for fields in contrary:
        xargs = {ARGUMENT: fields.pop("xargs", "molecule")}
        status, answer = _post(address, {"vllm_xargs": xargs, **fields})
        if status == 400:
            refused += 1
        else:
            faults.append(f"{xargs} {fields}: {status} {answer}"[:300])
        if _sentence(address) is None:
            faults.append(f"{xargs} {fields}: the next request was not answered with a sentence")
    status, answer = _post(address, {"prompt": "hello", "max_tokens": 4})
    if status != 200:
        faults.append(f"a prompt of unknown words: {status} {answer}"[:300])
    return {"refused": refused, "faults": faults}


def example(address: str) -> str:
    """Run the page's example against a server, and return what it prints."""
    (code,) = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    code = code.replace("http://127.0.0.1:8000", address)
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return said.stdout


def _sentence(address: str) -> Any:
    status, answer = _post(address, {"vllm_xargs": {ARGUMENT: "molecule"}})
    if status != 200:
        return None
    ids = [id for id in answer["choices"][0]["token_ids"] if id != EOS]
    return lg.decode(ids) if lg.check(ids) is None else None


def _post(address: str, fields: dict[str, Any]) -> tuple[int, Any]:
    body = {"model": NAME, "prompt": [BOS], "max_tokens": 24, "return_token_ids": True, **fields}
    head = {"Content-Type": "application/json"}
    post = Request(f"{address}/v1/completions", data=json.dumps(body).encode(), headers=head)
    try:
        with urlopen(post, timeout=120) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, error.read().decode()
    except (URLError, TimeoutError, ConnectionError) as error:
        return NO_ANSWER, str(error)


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended before it answered: see {log}")
        try:
            with urlopen(f"{address}/health", timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(1)
    raise RuntimeError(f"the server did not answer within {SECONDS_TO_START} s: see {log}")
