"""Writes the conformance vectors, in which the core and the oracle agree on every answer.

python spec/vectors/generate.py            write
python spec/vectors/generate.py --check    say which file is not fresh, and exit 1
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import logos_grammar as lg
from logos_grammar.grammar.conformance import digest

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from oracle import (  # noqa: E402 (it is not installed)
    EXPECTED,
    Recogniser,
    Spec,
    State,
    lowest_ids,
    prefixes,
    read_spec,
)
from oracle.notation import rules_within  # noqa: E402

FORMAT = 1
SENTENCES, MUTANTS, PREFIXES, WORDS = 80, 200, 250, 1000
BUDGETS = (12, 16, 24, 40)
RULE, CONDITION = 1, 2
SMALL = {
    "molecule": "<MoleculeS> C ( ) . open1 open2 close1 close2 <MoleculeE>",
    "conformer": "<ConformerS> <MoleculeS> C <MoleculeE> grid0 grid1 <Pose> 0. .000 c000 h000 "
    "<Order> #0 #1 <ConformerE>",
}
"""A few tokens by kind, of which there are long sentences."""
TAGS = frozenset(token for token in lg.vocabulary if lg.vocabulary.name(token).endswith("E>"))

Ids = tuple[int, ...]


def main() -> int:
    """Write the files, or with ``--check`` compare them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare only")
    check = parser.parse_args().check
    spec, stale = read_spec(), []
    for kind in spec.objects:
        file = FOLDER / f"{kind}.jsonl"
        text = "".join(f"{line}\n" for line in Vectors(spec, kind).lines())
        if file.exists() and file.read_text(encoding="utf-8") == text:
            continue
        stale.append(file.name)
        if not check:
            file.write_text(text, encoding="utf-8")
            print(f"wrote {file.name}, {len(text):,} bytes")
    if check and stale:
        print(f"not fresh: {', '.join(stale)}; run `python {sys.argv[0]}`", file=sys.stderr)
        return 1
    return 0


def first_tokens_with(kind: str) -> list[int]:
    """The tokens of the version of the vocabulary that was the first to have an object type.

    What is appended for other types does not change the vectors of this one.
    """
    versions = tomllib.loads((ROOT / "spec" / "versions.toml").read_text(encoding="utf-8"))
    counts = next(each["tokens"] for each in versions["version"] if kind in each["tokens"])
    issued = (
        range(block.base, block.base + counts.get(block.name, 0)) for block in lg.vocabulary.blocks
    )
    return sorted(token for tokens in issued for token in tokens if token >= 32)


class Vectors:
    """The vectors of one object type."""

    def __init__(self, spec: Spec, kind: str) -> None:
        self.spec = spec
        self.kind = kind
        self.oracle = Recogniser(spec, kind)
        # Of all that is random only `random()` is promised to be the same in every Python.
        self.random = Random(f"vectors of {kind}").random

    def lines(self) -> Iterator[str]:
        """The lines of the file."""
        head = {"vectors": self.kind, "format": FORMAT, "fingerprint": lg.vocabulary.fingerprint}
        yield json.dumps(head)
        examples = [each for each in self.spec.examples if each.rule == self.kind]
        accepted = [each.ids for each in examples if each.position is None]
        refused = [each.ids for each in examples if each.position is not None]
        sentences = list(dict.fromkeys([*accepted, *self.sentences()]))
        mutants = [*refused, *self.mutants(sentences), *self.renamed(sentences)]
        for ids in dict.fromkeys([*sentences, *mutants]):
            yield line(ids=ids, **self.verdict(ids))
        begun = dict.fromkeys(ids[:n] for ids in sentences for n in range(len(ids) + 1))
        step = max(1, len(begun) // PREFIXES)
        for prefix in list(begun)[::step]:
            yield line(prefix=prefix, **self.what_follows(prefix))
        alphabets = [lowest_ids(self.spec, self.kind, each) for each in (1, 2)]
        if self.kind in SMALL:
            alphabets.append(frozenset(map(lg.vocabulary.id, SMALL[self.kind].split())))
        for alphabet in map(sorted, alphabets):
            # With a large alphabet no length is reached at which there are sentences.
            if any(counts := self.counts(alphabet)):
                yield line(alphabet=alphabet, counts=counts)

    def one_of(self, some: Sequence[Any]) -> Any:
        """One of some, at random."""
        return some[int(self.random() * len(some))]

    def sentences(self) -> Iterator[Ids]:
        """Sentences as the core walks to them, some short, some long."""
        for n in range(SENTENCES):
            recognizer = lg.Recognizer(self.kind, budget=BUDGETS[n % len(BUDGETS)])
            while not recognizer.is_done:
                allowed = recognizer.allowed().tolist()
                blocks: dict[str, list[int]] = {}
                for token in allowed:
                    blocks.setdefault(lg.vocabulary.block_of(token).name, []).append(token)
                token = self.one_of(self.one_of(list(blocks.values())))
                if token in TAGS and len(allowed) > 1 and self.random() < 0.7:
                    continue
                recognizer.accept(token)
            yield tuple(recognizer.ids.tolist())

    def mutants(self, sentences: Sequence[Ids]) -> Iterator[Ids]:
        """Sentences with one change; some are sentences all the same."""
        tokens = first_tokens_with(self.kind)
        for n in range(MUTANTS):
            ids = self.one_of(sentences)
            at, other = self.one_of(range(len(ids))), self.one_of(range(len(ids)))
            token = self.one_of(self.one_of([ids, tokens]))
            yield (
                (*ids[:at], token, *ids[at + 1 :]),
                (*ids[:at], *ids[at + 1 :]),
                (*ids[:at], token, *ids[at:]),
                ids[:at],
                (*ids[:at], ids[other], *ids[at + 1 :]),
            )[n % 5]

    def renamed(self, sentences: Sequence[Ids]) -> Iterator[Ids]:
        """Sentences in which a name is one that is not to be."""
        rules = (self.spec.rules[name] for name in sorted(rules_within(self.spec, self.kind)))
        wheres = (where for rule in rules for where in rule.wheres if where.name == "not_one_of")
        texts = [text.strip('"') for where in wheres for text in where.arguments[1:]]
        first, last = map(lg.vocabulary.id, ("<NameS>", "<NameE>"))
        named = [ids for ids in sentences if first in ids]
        for ids, text in zip(named, texts[: len(named)], strict=False):
            name = tuple(lg.vocabulary.id(f"'{character}") for character in text)
            yield (*ids[: ids.index(first) + 1], *name, *ids[ids.index(last) :])

    def verdict(self, ids: Ids) -> dict[str, Any]:
        """What the core and the oracle say of ids."""
        recognizer = lg.Recognizer(self.kind)
        position = recognizer.accept_many(ids)
        found: tuple[int, str] | None = None
        if position < len(ids):
            code, _, reason = recognizer.error() or (0, 0, "")
            found = position, reason if code == CONDITION else EXPECTED
        elif not recognizer.is_done:
            error = lg.check(ids)
            found = position, error.condition or EXPECTED if error else EXPECTED
        self.agree(ids, found, self.oracle.first_error(ids))
        if found is None:
            return {"code": 0}
        if found[1] == EXPECTED:
            return {"code": RULE, "position": found[0]}
        return {"code": CONDITION, "position": found[0], "condition": found[1]}

    def what_follows(self, prefix: Ids) -> dict[str, Any]:
        """What the core and the oracle say may come next, and how many tokens are needed."""
        recognizer = lg.Recognizer(self.kind)
        recognizer.accept_many(prefix)
        allowed = recognizer.allowed().tolist()
        self.agree(prefix, allowed, sorted(self.oracle.next_ids(prefix)))
        return {
            "count": len(allowed),
            "digest": digest(allowed),
            "needed": recognizer.min_tokens_to_complete(),
        }

    def counts(self, alphabet: Sequence[int]) -> list[int]:
        """How many sentences there are of each length, as long as the oracle finds few prefixes."""
        begun: list[tuple[Ids, State]] = []
        longest = 0
        while len(more := list(prefixes(self.oracle, longest + 1, alphabet))) <= WORDS:
            longest, begun = longest + 1, more
        by_oracle = Counter(len(ids) for ids, state in begun if self.oracle.is_complete(state))
        budget = max(longest, lg.Recognizer(self.kind).min_tokens_to_complete())
        walked = self.walked(lg.Recognizer(self.kind, budget=budget), alphabet)
        by_core = Counter(length for length in walked if length <= longest)
        self.agree(tuple(alphabet), by_core, by_oracle)
        return [by_core[length] for length in range(longest + 1)]

    def walked(self, recognizer: lg.Recognizer, alphabet: Sequence[int]) -> Iterator[int]:
        """The length of every sentence of the alphabet within the budget."""
        if recognizer.is_done:
            yield recognizer.position
        for token in alphabet:
            if recognizer.accept(token):
                yield from self.walked(recognizer, alphabet)
                recognizer.rollback(1)

    def agree(self, ids: Ids, by_core: object, by_oracle: object) -> None:
        """End with an error where the two differ."""
        if by_core != by_oracle:
            raise SystemExit(f"{self.kind} {ids}: the core says {by_core}, the oracle {by_oracle}")


def line(**fields: Any) -> str:
    """One line of JSON, as short as it can be."""
    return json.dumps(fields, separators=(",", ":"))


if __name__ == "__main__":
    sys.exit(main())
