"""The terms of a request: a profile of any form, and prefixes that are taken whole or refused."""

from __future__ import annotations

from typing import Any

import pytest

import logos_grammar as lg
from logos_grammar import serving
from logos_model.grammar import LogosGrammar


@pytest.mark.parametrize(
    "profile",
    [
        "kekule+valence",
        lg.Profile(length=5),
        lg.Profile(length=(3, 9), composition={"C": 4, "Cl": 1}),
        lg.Profile(valence="rdkit", aromatic=True),
    ],
)
def test_a_profile_of_any_form_goes_with_a_request(profile: str | lg.Profile) -> None:
    text = serving.request("molecule", prompt_ids=[1], max_new_tokens=30, profile=profile)
    assert serving.read_terms(text).profile == profile
    recognizer = serving.read_terms(text).sentence([], stop_ids=[2])
    assert recognizer.accept_many([lg.vocabulary.id("<MoleculeS>")]) == 1


def test_a_profile_that_is_none_is_refused() -> None:
    for asked, said in (
        ({"lenght": 5}, "profile: expected aromatic, composition, .*, got 'lenght'"),
        ({"length": "5"}, "profile.length: expected an integer from 0 to 1,000,000, got '5'"),
        ({"length": [1]}, "profile.length: expected a number, or two"),
        ({"length": [1, True]}, r"profile.length\[1\]: expected an integer"),
        ({"composition": 5}, "profile.composition: expected an object of counts by name"),
        ({"composition": {"C": 1.0}}, "profile.composition.C: expected an integer"),
        ({"copy": 1}, "profile.copy: expected true or false, got 1"),
        ({"aromatic": True}, "profile: expected a valence table for aromatic atoms"),
        (["copy"], "profile: expected a profile's name or an object, got a list"),
        ("copies", "profile: expected the profile"),
    ):
        with pytest.raises(ValueError, match=said):
            serving.read_terms({"kind": "molecule", "profile": asked})


def test_a_prefix_is_never_cut_short_in_silence() -> None:
    """Under valences a prefix may ask for more on the way than at its end; a budget refuses it."""
    prefix = [192, 386, 528, 529, 393, 197, 485, 320, 292, 198, 226, 197, 432]
    terms = serving.Terms(kind="molecule", profile="aromatic", budget=18)
    with pytest.raises(lg.GrammarError, match="room for more than 18 tokens"):
        terms.sentence(prefix, stop_ids=[2])
    with pytest.raises(ValueError, match="a limit above 18 tokens"):
        LogosGrammar("aromatic").reader(prefix, 18)
    assert LogosGrammar("aromatic").reader(prefix, 19).allowed().size


@pytest.mark.parametrize("first_id", ["1", None, 1.0, True, -1, 10**20, [1], float("nan")])
def test_a_first_id_is_an_id(first_id: Any) -> None:
    with pytest.raises(ValueError, match="first_id: expected an integer from 0 to 2,147,483,647"):
        serving.request("molecule", prompt_ids=[1], max_new_tokens=30, first_id=first_id)
    for terms in ("molecule", {"kind": "molecule"}):
        with pytest.raises(ValueError, match="first_id: expected an integer from 0"):
            serving.read_terms(terms, first_id=first_id)


def test_any_kind_has_one_name_in_every_form() -> None:
    asked = [
        serving.request(kind, prompt_ids=[1], max_new_tokens=30, prefix=[])
        for kind in (None, "any")
    ]
    assert asked[0] == asked[1]
    assert serving.read_terms("any") == serving.read_terms({"kind": "any"}) == serving.Terms()
