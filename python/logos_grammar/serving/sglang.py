"""Generation with SGLang, as a grammar backend; SGLang itself is loaded on first use.

``python -m logos_grammar.serving.sglang`` is ``python -m sglang.launch_server`` with this backend,
which ``--grammar-backend logos`` chooses. A program of one's own calls :func:`register` where it
begins, outside of ``if __name__ == "__main__"``: the scheduler is another process.
"""

from __future__ import annotations

import json
import logging
import runpy
import sys
from collections.abc import Collection
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

try:
    import torch
except ImportError as error:
    raise ImportError("serving needs torch: pip install 'logos-grammar[serving]'") from error

from logos_grammar.serving.follower import ending_one_request
from logos_grammar.serving.sentence import (
    BITS,
    EOS,
    FIRST_ID,
    Ended,
    Sentence,
    check_width,
    checked_stop_ids,
    words_of,
)
from logos_grammar.serving.terms import read_terms

NAME = "logos"
"""What ``--grammar-backend`` takes."""

BACKENDS = "sglang.srt.constrained.base_grammar_backend"
ARGUMENTS = "sglang.srt.server_args"
"""Where SGLang keeps its grammar backends, and the names that its command line takes."""

_log = logging.getLogger(__name__)


def register(name: str = NAME) -> None:
    """Make the backend known to SGLang under a name.

    Raises
    ------
    ImportError
        When SGLang is not installed, or has no registry of grammar backends.
    """
    backends, arguments = import_module(BACKENDS), import_module(ARGUMENTS)
    backends.register_grammar_backend(name, _backend)
    if name not in arguments.GRAMMAR_BACKEND_CHOICES:
        arguments.add_grammar_backend_choices([name])


class _Grammar:
    """The sentence of one request; its base is SGLang's `BaseGrammarObject`.

    Only :meth:`accept_token` raises, and SGLang ends its request then. What fails elsewhere ends
    the request by allowing nothing but stop ids.
    """

    def __init__(self, sentence: Sentence | Ended, stop_ids: Collection[int]) -> None:
        super().__init__()
        self._sentence = sentence
        self._stop_ids = stop_ids
        self._ignored = 0

    def accept_token(self, token: int) -> None:
        """Take a token; whatever comes behind a stop id is let pass.

        Raises
        ------
        ValueError
            When it is not allowed here; SGLang ends the request then.
        """
        self.current_token = token
        if self._sentence.has_ended:
            self._ignored += 1  # what runs ahead of the end comes to nothing
        elif not self._sentence.accept(token):
            at = self._sentence.position
            raise ValueError(f"expected a token that can follow, got {token} at token {at}")

    def rollback(self, k: int) -> None:
        """Take back the last k tokens."""
        ignored = min(k, self._ignored)
        self._ignored -= ignored
        with ending_one_request(self._end):
            self._sentence.rollback(k - ignored)

    def is_terminated(self) -> bool:
        """Whether the sentence is complete and a stop id came."""
        return self._sentence.has_ended

    def copy(self) -> Any:
        """Another request in the same state."""
        return type(self)(self._sentence.fork(), self._stop_ids)

    def allocate_vocab_mask(self, vocab_size: int, batch_size: int, device: Any) -> torch.Tensor:
        """A mask that allows all, int32, shape [requests, words], on the CPU."""
        return torch.full((batch_size, words_of(vocab_size)), -1, dtype=torch.int32)

    def fill_vocab_mask(self, vocab_mask: torch.Tensor, idx: int) -> None:
        """Write what may follow into one row: bit ``id % 32`` of word ``id // 32``."""
        mask = vocab_mask.numpy()
        with ending_one_request(self._end):
            self._sentence.fill(mask, idx)
            return
        self._sentence.fill(mask, idx)

    @staticmethod
    def reset_vocab_mask(vocab_mask: torch.Tensor) -> None:
        """Allow all again."""
        vocab_mask.fill_(-1)

    @staticmethod
    def move_vocab_mask(vocab_mask: torch.Tensor, device: Any) -> torch.Tensor:
        """The mask where the logits are."""
        return vocab_mask.to(device, non_blocking=True)

    @staticmethod
    def apply_vocab_mask(logits: torch.Tensor, vocab_mask: torch.Tensor) -> None:
        """Put -inf, in place, where a mask says so; logits of shape [requests, width].

        Ids behind the mask are refused too, but in rows that allow all.
        """
        bits = torch.arange(BITS, dtype=torch.int32, device=vocab_mask.device)
        allowed = (vocab_mask.unsqueeze(-1) >> bits & 1).flatten(1).bool()
        width, known = logits.shape[-1], allowed.shape[-1]
        if width > known:
            free = (vocab_mask == -1).all(-1, keepdim=True)
            allowed = torch.cat([allowed, free.expand(-1, width - known)], dim=-1)
        logits.masked_fill_(~allowed[:, :width], -torch.inf)

    def try_jump_forward(self, tokenizer: Any) -> tuple[list[int], str] | None:
        """The tokens that come next with no alternative, if there are any."""
        forced: list[int] = []
        with ending_one_request(self._end):
            forced = self._sentence.forced()
        return (forced, "") if forced else None

    def jump_forward_str_state(self, helper: tuple[list[int], str]) -> tuple[str, int]:
        """What is to be appended as text: nothing, as the tokens are there."""
        return helper[1], -1

    def jump_and_retokenize(
        self, old_output_ids: list[int], new_output_ids: list[int], next_state: int
    ) -> None:
        """Follow when the tokens of the output were replaced."""
        pairs = zip(old_output_ids, new_output_ids, strict=False)
        same = next(
            (at for at, (old, new) in enumerate(pairs) if old != new),
            min(len(old_output_ids), len(new_output_ids)),
        )
        self.rollback(len(old_output_ids) - same)
        with ending_one_request(self._end):
            for token in new_output_ids[same:]:
                self.accept_token(token)

    def _end(self) -> None:
        self._sentence = Ended(self._stop_ids)


class _Backend:
    """Makes the grammar of a request from its terms; SGLang's `BaseGrammarBackend` behind it."""

    def __init__(self, stop_ids: Collection[int], first_id: int) -> None:
        super().__init__()
        self._stop_ids = checked_stop_ids(stop_ids, first_id=first_id)
        self._first_id = first_id

    def dispatch_ebnf(self, key_string: str) -> Any:
        """The grammar that the ``ebnf`` of a request names: a kind, or terms as JSON."""
        try:
            first_id = self._first_id
            terms = read_terms(key_string, first_id=first_id)
            prefix = [first_id + id for id in terms.prefix or ()]
            sentence = terms.sentence(prefix, stop_ids=self._stop_ids, first_id=first_id)
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except ValueError as error:
            _log.error("a request is refused: %s", error)
            return _invalid(str(error))
        except BaseException as error:  # a panic of the core is not an Exception
            _log.exception("a request is refused by a fault of logos_grammar")
            return _invalid(f"a fault of logos_grammar: {error}")
        return _grammar_class()(sentence, self._stop_ids)

    def dispatch_json(self, key_string: str) -> Any:
        """The same, from ``json_schema``."""
        return self.dispatch_ebnf(key_string)


def _backend(
    server_args: Any, tokenizer: Any, vocab_size: int, eos_token_ids: Collection[int] | None = None
) -> Any:
    first_id = _first_id_of(server_args)
    check_width(vocab_size, first_id=first_id)
    bases = (_Backend, import_module(BACKENDS).BaseGrammarBackend)
    return type("LogosGrammarBackend", bases, {"__module__": __name__})(
        eos_token_ids or (first_id + EOS,), first_id
    )


def _first_id_of(server_args: Any) -> int:
    """What the configuration of the model's folder says; 0 where that is not a local folder."""
    file = Path(str(getattr(server_args, "model_path", ""))) / "config.json"
    if not file.is_file():
        return 0
    return int(json.loads(file.read_text(encoding="utf-8")).get(FIRST_ID, 0))


@cache
def _grammar_class() -> Any:
    bases = (_Grammar, import_module(BACKENDS).BaseGrammarObject)
    return type("LogosGrammar", bases, {"__module__": __name__})


def _invalid(reason: str) -> Any:
    """What SGLang takes for a request that it is to refuse, in its newer and older versions."""
    backends = import_module(BACKENDS)
    if hasattr(backends, "InvalidGrammarObject"):
        return backends.InvalidGrammarObject(reason)
    return getattr(backends, "INVALID_GRAMMAR_OBJ", None)


if __name__ in {"__main__", "__mp_main__"}:
    register()
    if __name__ == "__main__":
        sys.argv[0] = "sglang.launch_server"
        runpy.run_module("sglang.launch_server", run_name="__main__")
