"""What a processor of vLLM reads of a request and of the model, and which requests are refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from logos_grammar.serving.sentence import EOS, FIRST_ID, checked_stop_ids
from logos_grammar.serving.terms import read_terms

ARGUMENT = "logos_grammar"
"""The key of ``SamplingParams.extra_args`` (over HTTP ``vllm_xargs``) by which a request opts in.

Its value is what :func:`logos_grammar.serving.request` writes, or a kind, or the arguments of
:class:`logos_grammar.serving.Terms`.
"""

_NOTHING: tuple[Any, ...] = (None, False, 0, [])
CONTRARY: Mapping[str, tuple[Any, ...]] = {
    "ignore_eos": _NOTHING,
    "min_tokens": _NOTHING,
    "allowed_token_ids": (None,),
    "bad_words": _NOTHING,
    "structured_outputs": (None,),
    "thinking_token_budget": (None,),
    "trace_decode_token_ids": (None,),
}
"""What else decides which tokens come and when they end, and the values with which it does not."""


def has_opted_in(params: Any) -> bool:
    """Whether a request has terms."""
    return ARGUMENT in (params.extra_args or ())


def terms_of(params: Any) -> Any:
    """The terms of a request that opted in, as they came."""
    return params.extra_args[ARGUMENT]


def stop_ids_of(params: Any, *, first_id: int) -> frozenset[int]:
    """What ends a request: its own stop ids and the model's, or the grammar's ``<eos>``."""
    return frozenset(params.all_stop_token_ids) or frozenset((first_id + EOS,))


def first_id_of(model_config: Any) -> int:
    """The model's id of the grammar's id 0, as the model's configuration says."""
    return int(getattr(getattr(model_config, "hf_config", None), FIRST_ID, 0))


def check_params(params: Any, *, first_id: int) -> None:
    """Refuse a request whose terms cannot be read, or whose other fields contradict them.

    The engine has not yet added its own stop ids to the parameters, and the prompt is not known:
    terms that name no prefix have it in the prompt, and are refused only when the shortest sentence
    is longer than ``max_tokens``.

    Parameters
    ----------
    params
        vLLM's ``SamplingParams``.
    first_id
        The model's id of the grammar's id 0.

    Raises
    ------
    ValueError
        With the name of the field and what was expected.
    """
    if not has_opted_in(params):
        return
    for name, neutral in CONTRARY.items():
        if getattr(params, name, None) not in neutral:
            raise ValueError(f"{name}: expected none beside {ARGUMENT}: the sentence decides")
    stop_ids = stop_ids_of(params, first_id=first_id)
    checked_stop_ids(stop_ids, first_id=first_id)
    terms, most = read_terms(terms_of(params), first_id=first_id), params.max_tokens
    if terms.prefix is not None:
        limit = None if most is None else len(terms.prefix) + most
        begun = terms.prefix_in((), first_id=first_id)
        terms.sentence(begun, limit=limit, stop_ids=stop_ids, first_id=first_id)
    elif most is not None and most < (least := terms.min_tokens()):
        raise ValueError(
            f"max_tokens: expected at least {least}, the shortest sentence, got {most}; a "
            "prompt that holds the beginning of one names it as the prefix of the terms"
        )
