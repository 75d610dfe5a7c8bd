"""What spec/ promises about itself, and that the core quotes its rules word for word."""

from __future__ import annotations

import re
import subprocess
import sys
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest

from oracle import SPEC, Rule, read_spec
from oracle.conditions import CLOSED_LIST
from oracle.notation import rules_within, written_tokens
from oracle.one_token import Lookahead, branches, branches_taken
from oracle.rule import read_rules

ROOT = SPEC.parent
spec = read_spec()
vocabulary = spec.vocabulary
starts = [*spec.objects, *(e.rule for e in spec.examples if e.rule not in spec.objects)]
rules = pytest.mark.parametrize("rule", spec.rules.values(), ids=list(spec.rules))
readme = (SPEC / "README.md").read_text(encoding="utf-8")


def test_one_token_decides() -> None:
    assert list(Lookahead(spec, starts).conflicts()) == []


def test_every_token_is_used_by_some_rule() -> None:
    used = frozenset().union(*(written_tokens(rule) for rule in spec.rules.values()))
    special = set(vocabulary.blocks["special"].ids)
    assert [
        vocabulary.names[token] for token in sorted(set(vocabulary.names) - used - special)
    ] == []
    assert not used & special


def test_every_rule_is_part_of_an_object_or_has_examples_of_its_own() -> None:
    assert set(spec.rules) == frozenset().union(*(rules_within(spec, start) for start in starts))


def test_only_an_object_type_shares_its_name_with_a_block() -> None:
    assert set(spec.rules) & set(vocabulary.blocks) <= set(spec.objects)


def test_names_are_unique_and_have_no_blanks() -> None:
    assert len(set(vocabulary.names.values())) == len(vocabulary.names)
    assert all(re.fullmatch(r"[!-~]+", name) for name in vocabulary.names.values())


def test_every_token_has_a_gloss_in_words() -> None:
    assert [n for t, n in vocabulary.names.items() if not vocabulary.glosses[t].strip()] == []


def test_blocks_stand_apart_and_hold_their_tokens() -> None:
    blocks = list(vocabulary.blocks.values())
    assert all(len(block.ids) <= block.size for block in blocks)
    assert all(one.base + one.size <= next_.base for one, next_ in pairwise(blocks))
    assert blocks[-1].base + blocks[-1].size <= vocabulary.size <= 1 << 13


def test_ids_are_forever() -> None:
    issued = {
        tuple(line.split()[:3]): line.split()[3]
        for line in (ROOT / "tests/issued_ids.txt").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    }
    for (name, base, count), digest in issued.items():
        block = vocabulary.blocks[name]
        assert block.base == int(base)
        assert len(block.ids) >= int(count)
        assert digest_of(block.ids[: int(count)]) == digest, f"a token of {name} was changed"
    for name, block in vocabulary.blocks.items():
        line = f"{name} {block.base} {len(block.ids)} {digest_of(block.ids)}"
        assert tuple(line.split()[:3]) in issued, f"append to tests/issued_ids.txt: {line}"


def digest_of(ids: range) -> str:
    """Short digest of the names of the ids."""
    names = "\n".join(vocabulary.names[token] for token in ids)
    return sha256(names.encode()).hexdigest()[:16]


def test_generated_files_are_fresh() -> None:
    check = [sys.executable, str(SPEC / "generate.py"), "--check"]
    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_list_of_conditions_is_closed() -> None:
    listed = re.findall(r"^\| `(\w+)\(", readme, re.MULTILINE)
    assert sorted(listed) == sorted(CLOSED_LIST)
    used = {where.name for rule in spec.rules.values() for where in rule.wheres}
    assert used <= set(CLOSED_LIST)


@rules
def test_every_condition_has_a_refused_example(rule: Rule) -> None:
    refused = {e.reason for e in spec.examples if e.position is not None and e.file == rule.file}
    assert [where.text for where in rule.wheres if where.text not in refused] == []


@rules
def test_every_branch_of_a_rule_has_an_accepted_example(rule: Rule) -> None:
    look = Lookahead(spec, starts)
    taken = set().union(
        *(branches_taken(look, e.rule, e.ids) for e in spec.examples if e.position is None)
    )
    missing = branches(look, rule.name) - taken
    assert [(type(part).__name__, number) for part, number in missing] == []


def test_the_core_quotes_every_rule_once_and_word_for_word() -> None:
    quoted: dict[str, list[str]] = {}
    for file in sorted((ROOT / "rust/core/src").rglob("*.rs")):
        for rule in read_rules("".join(_quotes(file))):
            text = [rule.source, *(where.text for where in rule.wheres)]
            quoted.setdefault(rule.name, []).append("\n    where: ".join(text))
    written = {
        name: ["\n    where: ".join([rule.source, *(where.text for where in rule.wheres)])]
        for name, rule in spec.rules.items()
    }
    assert {n: q for n, q in quoted.items() if q != written.get(n)} == {}, "quoted otherwise"
    assert sorted(set(written) - set(quoted)) == [], "not quoted"


def _quotes(file: Path) -> list[str]:
    """Lines of the ebnf blocks in the documentation comments of a Rust file."""
    lines: list[str] = []
    inside = False
    for line in file.read_text(encoding="utf-8").splitlines(keepends=True):
        comment = re.match(r"\s*//[/!] ?(.*\n?)", line)
        if comment is None:
            inside = False
        elif comment[1].strip() == "```ebnf":
            inside = True
        elif comment[1].strip() == "```":
            inside = False
        elif inside:
            lines.append(comment[1])
    return lines


@pytest.mark.parametrize("number", range(1, 9))
def test_every_theorem_names_a_test_that_exists(number: int) -> None:
    theorem = re.search(rf"\*\*Theorem {number}\b.*?(?=\n\n)", readme, re.DOTALL)
    assert theorem, f"no theorem {number} in spec/README.md"
    named = re.findall(r"`((?:recognizer/)?test_\w+\.py)::(test_\w+)`", theorem[0])
    assert named, f"theorem {number} names no test"
    for file, test in named:
        text = (ROOT / "tests" / file).read_text(encoding="utf-8")
        assert f"def {test}(" in text, f"no {test} in tests/{file}"
