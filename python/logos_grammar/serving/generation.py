"""Generation in one call: what transformers' `generate` has to be told so that sentences come."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

try:
    import torch
    from transformers import GenerationConfig, PreTrainedModel
except ImportError as error:
    raise ImportError(
        "generation needs torch and transformers: pip install 'logos-grammar[serving]'"
    ) from error

from logos_grammar.codec import check
from logos_grammar.profile import Profile
from logos_grammar.serving.sentence import BOS, EOS, FIRST_ID, PAD
from logos_grammar.serving.transformers import GrammarLogitsProcessor, rows_of


@dataclass(frozen=True, kw_only=True)
class Generated:
    """What :func:`generate` returns.

    Parameters
    ----------
    sentences
        For each row its sentence, uint16, which :func:`logos_grammar.decode` reads. It is empty
        where none exists: where beam search, set to return more sequences than there are sentences
        within the limit, filled up a row, or where something other than the limit cut it short,
        such as a stop string.
    sequences
        The rows as ``generate`` returns them, shape [rows, columns].
    log_kept
        For each row float64, one value for each generated token, as
        :meth:`GrammarLogitsProcessor.log_kept` gives it; None without ``with_log``.
    output
        What ``generate`` returned.
    """

    sentences: tuple[npt.NDArray[np.uint16], ...]
    sequences: torch.Tensor
    log_kept: tuple[npt.NDArray[np.float64], ...] | None
    output: Any


def generate(  # noqa: PLR0913 (each a choice of the user's)
    model: PreTrainedModel,
    prompts: torch.Tensor | Sequence[Sequence[int]] | None = None,
    *,
    kind: str | None = None,
    profile: str | Profile | None = None,
    context: bool = False,
    begin_id: int = BOS,
    with_log: bool = False,
    generation_config: GenerationConfig | None = None,
    **options: Any,
) -> Generated:
    """Generate sentences, each complete within ``max_new_tokens``.

    Parameters
    ----------
    model
        With a vocabulary that begins with this library's, or has it where ``logos_first_id`` of
        its configuration says.
    prompts
        Rows of the model's ids, padded on the left if it is a tensor; by default one row that is
        ``<bos>``.
    kind, profile, begin_id, with_log
        As :class:`GrammarLogitsProcessor` takes them.
    context
        Whether the prompts lie before the sentence, and hold nothing of it.
    generation_config, **options
        As the model's ``generate`` takes them: ``max_new_tokens``, ``do_sample``, ``num_beams``...

    Raises
    ------
    GrammarError
        When a prompt has no sentence that is complete within the limit; its ``record`` is the
        number of the prompt.
    ValueError
        As :meth:`GrammarLogitsProcessor.for_generation` says.
    """
    config = copy.deepcopy(generation_config or model.generation_config)
    options = config.update(**options)  # type: ignore[no-untyped-call]  # leaves the others
    first_id = int(getattr(model.config, FIRST_ID, 0))
    if config.eos_token_id is None:
        config.eos_token_id = first_id + EOS
    if config.pad_token_id is None:
        config.pad_token_id = first_id + PAD
    ids = _left_padded([[first_id + BOS]] if prompts is None else prompts, config.pad_token_id)
    processor = GrammarLogitsProcessor.for_generation(
        config,
        ids,
        kind,
        profile=profile,
        begin_id=begin_id,
        context=ids.shape[1] if context else None,
        with_log=with_log,
        first_id=first_id,
    )
    options["logits_processor"] = [*options.get("logits_processor", ()), processor]
    options.setdefault("attention_mask", (ids != config.pad_token_id).cumsum(-1).clamp(max=1))
    options["attention_mask"] = options["attention_mask"].to(model.device)
    run: Any = model.generate  # whose wrappers leave it without a type
    output = run(ids.to(model.device), generation_config=config, **options)
    sequences = output if isinstance(output, torch.Tensor) else output.sequences
    rows, width = rows_of(sequences), ids.shape[1]
    return Generated(
        sentences=tuple(_whole(processor.sentence_of(row)) for row in rows),
        sequences=sequences,
        log_kept=tuple(processor.log_kept(row, prompt_length=width) for row in rows)
        if with_log
        else None,
        output=output,
    )


def _whole(ids: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint16]:
    return ids if check(ids) is None else ids[:0]


def _left_padded(prompts: torch.Tensor | Sequence[Sequence[int]], pad_id: int) -> torch.Tensor:
    if isinstance(prompts, torch.Tensor):
        return prompts
    width = max(map(len, prompts), default=0)
    if not all(prompts):
        raise ValueError("expected at least one id in every prompt, such as <bos>")
    return torch.tensor([[pad_id] * (width - len(ids)) + list(ids) for ids in prompts])
