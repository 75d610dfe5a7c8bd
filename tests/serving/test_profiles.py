"""Serving takes every profile that the library has, as an object and as JSON alike."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from typing import Any

import pytest

import logos_grammar as lg
from logos_grammar import serving
from logos_grammar.serving.schema import PROFILE, TERMS

MOST = 1_000_000
"""The longest length that is taken."""

METHANE = [6592, 192, 384, 193, 6432, 6594, 5095, 5095, 5095, 6593]
"""A conformer of methane, at the origin."""

FORMS: list[tuple[str, lg.Profile, dict[str, Any]]] = [
    ("molecule", lg.Profile(), {}),
    ("molecule", lg.Profile(valence="rdkit"), {"valence": "rdkit"}),
    (
        "molecule",
        lg.Profile(valence="rdkit", aromatic=True),
        {"valence": "rdkit", "aromatic": True},
    ),
    ("edit", lg.Profile(copy=True), {"copy": True}),
    ("protein", lg.Profile(length=3), {"length": 3}),
    ("protein", lg.Profile(length=(3, 5)), {"length": [3, 5]}),
    ("molecule", lg.Profile(composition={"C": 2, "O": 1}), {"composition": {"C": 2, "O": 1}}),
    ("infill", lg.Profile(fill_length=0), {"fill_length": 0}),
    ("infill", lg.Profile(fill_length=(3, 4)), {"fill_length": [3, 4]}),
    ("infill", lg.Profile(fill_lengths=[10, (5, 8)]), {"fill_lengths": [10, [5, 8]]}),
    ("infill", lg.Profile(fill_lengths=[]), {"fill_lengths": []}),
    ("conformer", lg.Profile(coordinates_of=METHANE), {"coordinates_of": METHANE}),
]
"""A kind, a profile of it, and what the profile is in JSON."""


def test_the_fields_are_those_of_a_profile_and_of_terms() -> None:
    assert list(PROFILE) == [field.name for field in fields(lg.Profile)]
    assert list(TERMS) == [field.name for field in fields(serving.Terms)]
    given = {name for _, _, form in FORMS for name in form}
    assert given == set(PROFILE), "each field is tried here"


@pytest.mark.parametrize(("kind", "profile", "form"), FORMS)
def test_an_object_and_its_json_give_the_same_terms(
    kind: str, profile: lg.Profile, form: dict[str, Any]
) -> None:
    terms = serving.Terms(kind=kind, profile=profile)
    asked = {"kind": kind, "profile": form}
    assert serving.read_terms(asked) == serving.read_terms(json.dumps(asked)) == terms
    assert serving.read_terms(terms.to_text()) == terms
    assert json.loads(terms.to_text()).get("profile", {}) == form
    assert terms.profile == profile


@pytest.mark.parametrize(("kind", "profile", "form"), FORMS)
def test_a_request_takes_it_and_keeps_to_it(
    kind: str, profile: lg.Profile, form: dict[str, Any]
) -> None:
    asked = serving.request(kind, prompt_ids=[1], max_new_tokens=60, profile=profile)
    sentence = serving.read_terms(asked).sentence([], stop_ids=[2])
    recognizer = lg.Recognizer(kind, profile=profile)
    begin = recognizer.closing_tokens()
    assert sentence.accept_many([*begin, 2]) == len(begin) + 1
    terms = serving.Terms(kind=kind, profile=profile)
    assert terms.min_tokens() == recognizer.min_tokens_to_complete() == len(begin)


@pytest.mark.parametrize(("kind", "profile", "form"), FORMS)
def test_a_processor_takes_it(kind: str, profile: lg.Profile, form: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("logos_grammar.serving.transformers")
    processor = transformers.GrammarLogitsProcessor(kind, profile=profile, max_length=60)
    masked = processor(torch.tensor([[1]]), torch.zeros(1, lg.vocabulary.size))
    allowed = torch.isfinite(masked[0]).nonzero().flatten().tolist()
    assert allowed == lg.Recognizer(kind, profile=profile).allowed().tolist()


@pytest.mark.parametrize("name", ["length", "fill_length", "fill_lengths"])
@pytest.mark.parametrize(
    ("value", "at", "said"),
    [
        ("5", "", "an integer from 0 to 1,000,000, got '5'"),
        (True, "", "an integer from 0 to 1,000,000, got True"),
        (5.0, "", "an integer from 0 to 1,000,000, got 5.0"),
        (-1, "", "an integer from 0 to 1,000,000, got -1"),
        (MOST + 1, "", "an integer from 0 to 1,000,000, got 1000001"),
        ([1], "", "a number, or two: the fewest and the most, got a list"),
        ([1, 2, 3], "", "a number, or two: the fewest and the most, got a list"),
        ([1, True], "[1]", "an integer from 0 to 1,000,000, got True"),
        ([1, None], "[1]", "an integer from 0 to 1,000,000, got None"),
        ({"least": 1}, "", "an integer from 0 to 1,000,000, got a dict"),
    ],
)
def test_each_length_is_checked_alike(name: str, value: object, at: str, said: str) -> None:
    several = name == "fill_lengths"
    profile = {name: [3, value] if several else value}
    path = f"profile.{name}{'[1]' if several else ''}{at}"
    with pytest.raises(ValueError, match=f"^{re.escape(f'{path}: expected {said}')}$"):
        serving.read_terms({"kind": "infill", "profile": profile})


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ({"fill_lengths": 5}, "profile.fill_lengths: expected a list, got 5"),
        ({"fill_lengths": "55"}, "profile.fill_lengths: expected a list, got '55'"),
        ({"fill_lengths": [None]}, "profile.fill_lengths[0]: expected an integer from 0 to"),
        ({"fill_lengths": [1] * 1025}, "profile.fill_lengths: expected a list of at most 1,024"),
        ({"fill_length": 1, "fill_lengths": [1]}, "profile: expected fill_length or fill_lengths"),
        ({"fill_length": [5, 4]}, "profile: "),
        ({"fill_lengths": [3, [5, 4]]}, "profile: "),
    ],
)
def test_fills_that_cannot_be_are_refused(profile: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(said)}"):
        serving.read_terms({"kind": "infill", "profile": profile})


@pytest.mark.parametrize("name", ["fill_length", "fill_lengths"])
def test_fills_are_of_an_infill(name: str) -> None:
    profile = {name: [3, 4]}
    with pytest.raises(ValueError, match=r"^profile: "):
        serving.read_terms({"kind": "protein", "profile": profile})
