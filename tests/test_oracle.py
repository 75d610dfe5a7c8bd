"""The oracle itself: its notation, its answers, and that its parts agree with one another."""

from __future__ import annotations

from random import Random

import pytest

from oracle import (
    EXPECTED,
    Example,
    NotASentence,
    NotationError,
    Recogniser,
    completion,
    lowest_ids,
    prefixes,
    random_sentence,
    read_spec,
    words,
)
from oracle.notation import read_examples
from oracle.rule import read_rules, read_where
from oracle.stack import END

spec = read_spec()
names = spec.vocabulary.ids
recogniser = Recogniser(spec)
kinds = pytest.mark.parametrize("kind", spec.objects)
examples = pytest.mark.parametrize(
    "example", spec.examples, ids=[f"{e.rule}-{n}" for n, e in enumerate(spec.examples)]
)


def ids(sentence: str) -> list[int]:
    """Ids of names with blanks between them."""
    return [names[name] for name in sentence.split()]


def begins_with(rule: str) -> Recogniser:
    """The recogniser of all objects, or of a rule that is no object."""
    return recogniser if rule in spec.objects else Recogniser(spec, rule)


@examples
def test_the_oracle_keeps_the_examples(example: Example) -> None:
    expected = None if example.position is None else (example.position, example.reason)
    assert begins_with(example.rule).first_error(example.ids) == expected


@examples
def test_every_next_id_is_read_and_no_other(example: Example) -> None:
    reader = begins_with(example.rule)
    end = len(example.ids) if example.position is None else example.position
    for cut in range(end + 1):
        allowed = reader.next_ids(example.ids[:cut])
        state = reader.reach(example.ids[:cut])
        for token in (*example.ids, *lowest_ids(spec, example.rule, 1)):
            assert (token in allowed) == (not isinstance(reader.read(state, token), str))
    if end < len(example.ids):
        assert example.ids[end] not in allowed
        with pytest.raises(NotASentence):
            reader.next_ids(example.ids)


@kinds
def test_no_state_is_stuck(kind: str) -> None:
    alphabet = lowest_ids(spec, kind, 1)
    for longest in range(1, 30):
        found = list(prefixes(recogniser, longest, alphabet))
        if len(found) > 500:
            break
    for prefix, state in found:
        end = completion(recogniser, state)
        assert recogniser.first_error((*prefix, *end)) is None
        assert recogniser.fewest(state) <= len(end)


@kinds
def test_random_sentences_are_sentences(kind: str) -> None:
    random = Random(kind)
    reader = Recogniser(spec, kind)
    for _ in range(40):
        sentence = random_sentence(reader, random, random.randrange(60))
        assert recogniser.first_error(sentence) is None
        for cut in range(len(sentence)):
            assert recogniser.first_error(sentence[:cut]) == (cut, EXPECTED)


@kinds
def test_no_condition_tells_the_tokens_of_a_class_apart(kind: str) -> None:
    random = Random(kind)
    reader = Recogniser(spec, kind)
    for _ in range(5):
        sentence = random_sentence(reader, random, 15)
        state = reader.reach(sentence[: random.randrange(len(sentence))])
        for leaf in reader.rules.leaves(state.stack):
            for alike in reader.classes(state, leaf) if leaf.terminal is not END else ():
                some = {alike[0], alike[-1], random.choice(alike)}
                assert len({isinstance(reader.read(state, token), str) for token in some}) == 1


def test_words_are_all_sentences_and_none_is_left_out() -> None:
    alphabet = ids("<MoleculeS> <MoleculeE> C c - ring- ( ) . open1 close1")
    found = set(words(recogniser, 7, alphabet))
    layer: list[tuple[int, ...]] = [()]
    sentences = set[tuple[int, ...]]()
    for _ in range(7):
        layer = [(*word, token) for word in layer for token in alphabet]
        errors = {word: recogniser.first_error(word) for word in layer}
        sentences |= {word for word, error in errors.items() if error is None}
        layer = [w for w, e in errors.items() if e is not None and e[0] == len(w)]
    assert found == sentences


def test_a_long_sentence_takes_time_in_proportion() -> None:
    ring = ids("c open1 c c c c c close1 ( C ( = O ) N )")
    sentence = [*ids("<MoleculeS>"), *ring * 200, *ids("C <MoleculeE>")]
    assert recogniser.first_error(sentence) is None
    assert recogniser.first_error(sentence[:-1]) == (len(sentence) - 1, EXPECTED)


@pytest.mark.parametrize(
    ("sentence", "position", "reason"),
    [
        ("<MoleculeS> c open1 C open2 c c ring= close2", 9, EXPECTED),
        ("<MoleculeS> C open1 c c ring- close1", 5, 'joins_only("ring-", aromatic)'),
        ("<MoleculeS> c open1 c ring: close1", 4, "unjoined(ring_close, ring_open, atom)"),
        ("<MoleculeS> c ring- close1", 2, "opened(ring_close, ring_open)"),
        ("<MoleculeS> C ring- close1", 2, "opened(ring_close, ring_open)"),
        ("<MoleculeS> c - [ #x2 #1 #0 Fe", 7, 'joins_only("-", aromatic)'),
        (
            "<InfillS> <ProteinS> <Hole> <ProteinE> <Fill> Ala <Fill>",
            6,
            'as_many("<Fill>", "<Hole>")',
        ),
    ],
)
def test_the_first_condition_that_leaves_no_sentence_is_told(
    sentence: str, position: int, reason: str
) -> None:
    assert recogniser.first_error(ids(sentence)) == (position, reason)


def test_the_condition_of_the_innermost_rule_is_told_first() -> None:
    sentence = ids("<InfillS> <RnaS> <Hole> <RnaE> <Fill> <NameS> 'U <NameE>")
    found = recogniser.first_error(sentence)
    assert found is not None
    assert found[0] == len(sentence) - 1
    assert found[1].startswith("not_one_of(component_name")


@pytest.mark.parametrize(
    "text",
    [
        "a = b",
        "a = ;",
        "a = ( b ;",
        "a = b ) ;",
        "a b ;",
        'a = "x".. ;',
        "a = | b ;",
        "a = ? ;",
        "where: opened(x, y)",
        "a = b where: opened(x, y) ;",
        "a = B ;",
    ],
)
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(NotationError):
        assert [rule.read({"a", "b"}, spec.vocabulary) for rule in read_rules(text)]


@pytest.mark.parametrize("line", ["", "opened", "opened()", "opened(a,b)", "opened(a, b) and so"])
def test_what_is_no_condition_is_refused(line: str) -> None:
    with pytest.raises(NotationError):
        read_where(line)


@pytest.mark.parametrize(
    "text",
    [
        "accepted: a\n    1 2 at 1: expected\n",
        "refused: a\n    1 2\n",
        "refused: a\n    1 2 at 1: because\n",
        "accepted: a\n1 2\n",
        "accepted: a\n    1 b\n",
    ],
)
def test_what_is_no_example_is_refused(text: str) -> None:
    with pytest.raises(NotationError):
        list(read_examples(text, "a.ebnf"))
