"""Samples: what a model drew, counted and written to files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from logos_model.grammar import Ids


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One sequence that a model drew.

    Attributes
    ----------
    kind
        Name of the kind of object that its first id opens.
    ids
        Ids without `<bos>` and `<eos>`, uint16 [n].
    ended
        Whether it became a sentence within its limit. One that did not is never decoded.
    text
        The object that the sentence says, None if it did not end or did not decode.
    error
        Why a sentence that ended did not decode. Under the grammar's next ids this is always None.
    mass_removed
        Mean over its tokens of the probability that the model gave to ids that the grammar ruled
        out.
    """

    kind: str
    ids: Ids
    ended: bool
    text: str | None
    error: str | None
    mass_removed: float


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many samples were drawn, ended, and decoded; every one that ended should have decoded.

    `str()` says it in a sentence.
    """

    drawn: int
    ended: int
    decoded: int
    distinct: int
    mass_removed: float

    @property
    def unfinished(self) -> int:
        """Samples that reached their limit before they ended."""
        return self.drawn - self.ended

    def __str__(self) -> str:
        decoded = f"{self.decoded} of {self.ended} ended samples decoded"
        if self.ended:
            decoded += f" ({100 * self.decoded / self.ended:.4g} %), {self.distinct} distinct"
        return (
            f"{self.drawn} samples: {self.ended} ended, {self.unfinished} unfinished at their "
            f"limit; {decoded}; the grammar removed {100 * self.mass_removed:.1f} % of the "
            "model's probability per token"
        )


def tally(samples: Sequence[Sample]) -> Tally:
    """Count what became of `samples`."""
    texts = [sample.text for sample in samples if sample.text is not None]
    masses = [sample.mass_removed for sample in samples]
    return Tally(
        drawn=len(samples),
        ended=sum(sample.ended for sample in samples),
        decoded=len(texts),
        distinct=len(set(texts)),
        mass_removed=sum(masses) / len(masses) if masses else 0.0,
    )


def write_samples(samples: Sequence[Sample], folder: Path) -> None:
    """Write `samples.jsonl`, everything known of each, and `samples.txt`, a line for each text."""
    folder.mkdir(parents=True, exist_ok=True)
    records = [json.dumps(_record(sample)) + "\n" for sample in samples]
    texts = [sample.text + "\n" for sample in samples if sample.text is not None]
    (folder / "samples.jsonl").write_text("".join(records), encoding="utf-8")
    (folder / "samples.txt").write_text("".join(texts), encoding="utf-8")


def _record(sample: Sample) -> dict[str, object]:
    return {
        "kind": sample.kind,
        "ended": sample.ended,
        "text": sample.text,
        "error": sample.error,
        "mass_removed": sample.mass_removed,
        "ids": sample.ids.tolist(),
    }
