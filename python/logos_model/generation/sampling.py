"""Sampling: how an id is drawn from the logits."""

from __future__ import annotations

from dataclasses import dataclass

from logos_model.config_error import ConfigError


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How ids are drawn.

    Attributes
    ----------
    temperature
        Divides the logits; 0 takes the likeliest id.
    top_p
        Only the likeliest ids that together have this probability are drawn; 1 for all.
    min_p
        Only ids at least this times as likely as the likeliest are drawn; 0 for all.
    seed
        What the draws follow from.
    with_grammar
        Whether only ids that the grammar allows are drawn. Without it a sample ends at `<eos>`, and
        may not be a sentence.
    """

    temperature: float = 1.0
    top_p: float = 1.0
    min_p: float = 0.0
    seed: int = 0
    with_grammar: bool = True

    def __post_init__(self) -> None:
        if not self.temperature >= 0:
            raise ConfigError(f"expected a temperature of at least 0, got {self.temperature}")
        if not 0 < self.top_p <= 1:
            raise ConfigError(f"expected top_p above 0 and up to 1, got {self.top_p}")
        if not 0 <= self.min_p <= 1:
            raise ConfigError(f"expected min_p from 0 to 1, got {self.min_p}")
        if self.seed < 0:
            raise ConfigError(f"expected a seed of at least 0, got {self.seed}")
