"""Antibodies of the sequences of their chains."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

import logos_grammar as lg
from logos_grammar.antibody import Antibody, Chain, schemes
from logos_grammar.antibody.tables import read_airr

pytest.importorskip("immunum", reason="numbers with the extra numbering")

from logos_grammar.antibody import numbering
from logos_grammar.antibody.numbering import from_scfv, from_sequences
from logos_grammar.antibody.schemes import SCHEMES, Scheme

TRASTUZUMAB = Antibody(
    heavy=Chain(
        "heavy",
        fr1="EVQLVESGGGLVQPGGSLRLSCAAS",
        cdr1="GFNIKDTY",
        fr2="IHWVRQAPGKGLEWVAR",
        cdr2="IYPTNGYT",
        fr3="RYADSVKGRFTISADTSKNTAYLQMNSLRAEDTAVYYC",
        cdr3="SRWGGDGFYAMDY",
        fr4="WGQGTLVTVSS",
    ),
    light=Chain(
        "kappa",
        fr1="DIQMTQSPSSLSASVGDRVTITCRAS",
        cdr1="QDVNTA",
        fr2="VAWYQQKPGKAPKLLIY",
        cdr2="SAS",
        fr3="FLYSGVPSRFSGSRSGTDFTLTISSLQPEDFATYYC",
        cdr3="QQHYTTPPT",
        fr4="FGQGTKVEIK",
    ),
)
"""Regions of the therapeutic antibody as IMGT/mAb-DB states them."""

assert TRASTUZUMAB.heavy is not None
assert TRASTUZUMAB.light is not None
HEAVY = TRASTUZUMAB.heavy.variable().sequence
LIGHT = TRASTUZUMAB.light.variable().sequence
LAMBDA = (
    "QSALTQPASVSGSPGQSIIISCTGTSGDIGGYNYVSWYQQHPGKAPKLMIYDVSFRPSGVSNRFSGSKSDNTASLTISGLQAEDEADYY"
    "CSSFTGNNTRVFGTGTKVTVL"
)
CONSTANT = "ASTKGPSVFPLAPSSKSTSGGTAALGCLVKDYFPEPVTVSWNSGALTSGVHTFPAVLQSSGLYSLSSVVTVPSSS"
LEADER = "MEFGLSWLFLVAILKGVQC"
LINKER = "GGGGSGGGGSGGGGS"
TCR_BETA = (
    "NAGVTQTPKFQVLKTGQSMTLQCAQDMNHEYMSWYRQDPGMGLRLIHYSVGAGITDQGEVPNGYNVSRSTTEDFPLRLLSAAPSQTSVYF"
    "CASRPGLAGGRPEQYFGPGTRLTVTE"
)
LYSOZYME = (
    "KVFGRCELAAAMKRHGLDNYRGYSLGNWVCAAKFESNFNTQATNRNTDGSTDYGILQINSRWWCNDGRTPGSRNLCNIPCSALLSSDITA"
    "SVNCAKKIVSDGNGMNAWVAWRNRCKGTDVQAWIRGCRL"
)


def test_chains_are_cut_as_imgt_cuts_them() -> None:
    assert from_sequences(HEAVY, LIGHT) == TRASTUZUMAB
    assert from_sequences(HEAVY) == replace(TRASTUZUMAB, light=None)
    assert from_sequences(light=LIGHT) == replace(TRASTUZUMAB, heavy=None)
    light = from_sequences(light=LAMBDA).light
    assert light is not None
    assert (light.locus, light.cdr3) == ("lambda", "SSFTGNNTRV")


def test_regions_are_those_of_a_table_that_v_quest_wrote() -> None:
    """One of the 200 differs: of a codon that was deleted, V-QUEST sees the nucleotides."""
    table = files("logos_model.sample_data").joinpath("antibodies.tsv")
    with table.open(encoding="utf-8") as lines:
        antibodies = list(read_airr(lines))
    assert len(antibodies) == 200
    different = []
    for row, antibody in enumerate(antibodies):
        heavy, light = (
            None if chain is None else chain.protein().sequence
            for chain in (antibody.heavy, antibody.light)
        )
        if from_sequences(heavy, light) != antibody:
            different.append(row)
    assert different == [121]


@pytest.mark.parametrize(
    ("scheme", "heavy", "light"),
    [
        ("imgt", ("GFNIKDTY", "IYPTNGYT", "SRWGGDGFYAMDY"), ("QDVNTA", "SAS", "QQHYTTPPT")),
        (
            "kabat",
            ("DTYIH", "RIYPTNGYTRYADSVKG", "WGGDGFYAMDY"),
            ("RASQDVNTAVA", "SASFLYS", "QQHYTTPPT"),
        ),
        (
            "chothia",
            ("GFNIKDT", "YPTNGY", "GGDGFYAMD"),
            ("SQDVNTA", "SAS", "HYTTPP"),
        ),
        (
            "martin",
            ("GFNIKDTYIH", "RIYPTNGYTR", "WGGDGFYAMDY"),
            ("RASQDVNTAVA", "SASFLYS", "QQHYTTPPT"),
        ),
    ],
)
def test_the_scheme_says_where_regions_begin(
    scheme: Scheme, heavy: tuple[str, ...], light: tuple[str, ...]
) -> None:
    found = from_sequences(HEAVY, LIGHT, scheme=scheme)
    for chain, regions in ((found.heavy, heavy), (found.light, light)):
        assert chain is not None
        assert (chain.cdr1, chain.cdr2, chain.cdr3) == regions


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("tail", ["", CONSTANT])
def test_every_residue_is_kept_in_every_scheme(scheme: Scheme, tail: str) -> None:
    found = from_sequences(HEAVY + tail, LIGHT, scheme=scheme)
    assert found.heavy is not None
    assert found.heavy.constant == (tail or None)
    assert found.heavy.protein().sequence == HEAVY + tail
    assert lg.decode(lg.encode(found)) == found


@given(st.integers(0, len(HEAVY) - 1), st.sampled_from(["(MSE)", "X", "(SEP)", "B"]))
def test_residues_without_a_letter_are_kept(at: int, residue: str) -> None:
    sequence = HEAVY[:at] + residue + HEAVY[at + 1 :]
    found = from_sequences(sequence).heavy
    assert found is not None
    assert found.protein().sequence == sequence
    plain = from_sequences(HEAVY).heavy
    assert plain is not None
    for region in ("fr1", "cdr1", "fr2", "cdr2", "fr3", "cdr3", "fr4"):
        assert getattr(found, region).replace(residue, "?") == "".join(
            "?" if letter is None else letter for letter in _with_mark(plain, at, region)
        )


def _with_mark(chain: Chain, at: int, region: str) -> list[str | None]:
    """The letters of a region, None at the place of the whole chain that was changed."""
    begin = chain.protein().sequence.index(getattr(chain, region))
    letters: list[str | None] = list(getattr(chain, region))
    if begin <= at < begin + len(letters):
        letters[at - begin] = None
    return letters


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("tail", ["", "R", "RT", "RTV", "RTVAAPSVFIFPPSDEQLKSGTASVVCLLNNF"])
@pytest.mark.parametrize("cdr3", ["HQRGSYT", "QQRSNWLT", "LQYDNLLT"])
def test_a_constant_region_stays_behind_fr4(scheme: Scheme, tail: str, cdr3: str) -> None:
    """Immunum alone takes two of its residues into FR4, and two of FR4 into a short CDR3."""
    head = "EIVLTQSPAIMSASPGERVTMTCSASSGVNYMHWYQQKPGTSPRRWIYDTSKLASGVPARFSGSGSGTDYSLTISSMEPEDAATYYC"
    sequence = f"{head}{cdr3}FGGGTKLEIK{tail}"
    found = from_sequences(light=sequence, scheme=scheme).light
    assert found is not None
    assert found.protein().sequence == sequence
    # In the AHo scheme the first residue behind the J region has a number.
    constant = tail[1:] if scheme == "aho" else tail
    assert found.constant == (constant or None)
    if scheme == "imgt":
        assert (found.cdr3, found.fr4) == (cdr3, "FGGGTKLEIK")
    linked = from_scfv(HEAVY + LINKER + sequence, scheme=scheme)
    assert linked.tail == tail
    alone = from_sequences(light=f"{head}{cdr3}FGGGTKLEIK", scheme=scheme).light
    assert linked.antibody.light == alone


HEAVY_WITH_INSERTION = HEAVY.replace("RQAPG", "RQKKAPG")


@pytest.mark.parametrize(
    ("chains", "message"),
    [
        ({"heavy": LIGHT}, "expected a heavy chain as heavy, found the .* of a kappa one"),
        ({"light": HEAVY}, "expected a light chain as light, found the .* of a heavy one"),
        ({"heavy": LYSOZYME}, "a variable domain in the heavy chain, found none: alignment conf"),
        ({"light": CONSTANT}, "expected a variable domain in the light chain, found none"),
        ({"light": TCR_BETA}, "an antibody in the light chain, found one of the beta chain of a T"),
        ({"heavy": LEADER + HEAVY}, f"found {LEADER} before it: without_leader=True leaves"),
        (
            {"heavy": HEAVY[:10] + "KP" + HEAVY[10:]},
            "found EV before it: fr1 may have an insertion, .* no numbers; without_leader=True is",
        ),
        ({"light": LIGHT[:7] + "G" + LIGHT[7:]}, "found D before it: fr1 may have an insertion"),
        ({"light": "(MSE)GS" + LIGHT}, r"found \(MSE\)GS before it: fr1 may have an insertion"),
        ({"heavy": HEAVY + LINKER + LIGHT}, "one variable .*, found heavy and kappa: from_scfv"),
        ({"heavy": HEAVY + LINKER + HEAVY}, "one variable .*, found heavy and heavy"),
        ({"heavy": HEAVY[:80]}, "expected residues in cdr3 of the heavy chain, found none: incom"),
        ({"heavy": HEAVY_WITH_INSERTION}, "expected tryptophan 41 .* found it 2 before it: a fra"),
        (
            {"heavy": HEAVY[:-5] + "KP" + HEAVY[-5:]},
            "tryptophan or phenylalanine 118 of the heavy",
        ),
        (
            {"light": LIGHT[:-5] + "KP" + LIGHT[-5:]},
            "tryptophan or phenylalanine 118 of the light",
        ),
        ({"heavy": "EVQ"}, "sequence length 3 is below minimum 30"),
        ({"heavy": ""}, "sequence length 0 is below minimum 30"),
        ({"light": LIGHT.lower()}, "expected residue D at character 0 of the light chain"),
        ({"light": LIGHT[:9] + "-" + LIGHT[9:]}, "the light chain, found a gap at character 9"),
        ({"light": LIGHT + "*"}, "the light chain, found a stop at character 107"),
    ],
)
def test_what_is_not_a_chain_of_an_antibody_is_refused(
    chains: dict[str, str], message: str
) -> None:
    with pytest.raises(lg.ConversionError, match=message):
        from_sequences(chains.get("heavy"), chains.get("light"))


def test_malformed_calls_are_refused() -> None:
    with pytest.raises(ValueError, match="expected a heavy chain, a light chain or both"):
        from_sequences()
    with pytest.raises(ValueError, match=r"expected one of imgt, kabat, .*, found 'rock'"):
        from_sequences(HEAVY, scheme="rock")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected the heavy chain as str, found int"):
        from_sequences(5)  # type: ignore[arg-type]


def test_what_is_left_out_or_missing_is_said() -> None:
    assert from_sequences(LEADER + HEAVY, LIGHT, without_leader=True) == TRASTUZUMAB
    cut = from_sequences(HEAVY[:80], incomplete=True).heavy
    assert cut is not None
    assert (cut.protein().sequence, cut.cdr3, cut.fr4) == (HEAVY[:80], "", "")


@pytest.mark.parametrize("heavy_first", [True, False])
@pytest.mark.parametrize(("leader", "tail"), [("", ""), (LEADER, "AAAHHHHHH")])
def test_a_single_chain_is_read_in_both_orders(heavy_first: bool, leader: str, tail: str) -> None:
    first, second = (HEAVY, LIGHT) if heavy_first else (LIGHT, HEAVY)
    sequence = leader + first + LINKER + second + tail
    found = from_scfv(sequence)
    assert found.antibody == TRASTUZUMAB
    assert found.heavy_first == heavy_first
    assert (found.leader, found.linker, found.tail) == (leader, LINKER, tail)
    assert found.protein().sequence == sequence


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("light", [LIGHT, LAMBDA])
@pytest.mark.parametrize("tail", ["", "HHHHHH", "GSHHHHHH", "RTVAAPSVF", "GGGGS", "GSGSG"])
def test_no_domain_takes_residues_of_a_linker_or_tag(scheme: Scheme, light: str, tail: str) -> None:
    """The AHo scheme has a number for the first residue behind a light domain."""
    whole = from_sequences(HEAVY, light, scheme=scheme)
    for heavy_first, (first, second) in ((True, (HEAVY, light)), (False, (light, HEAVY))):
        found = from_scfv(first + LINKER + second + tail, scheme=scheme)
        assert found.antibody == whole
        assert found.heavy_first == heavy_first
        assert (found.linker, found.tail) == (LINKER, tail)


@pytest.mark.parametrize(
    ("light", "tail", "numbered"),
    [
        (LIGHT, "RTVAAPSVF", "R"),
        (LIGHT, "RADAAPTVS", "R"),
        (LIGHT, "R", "R"),
        (LIGHT, "HHHHHH", ""),
        (LIGHT, "GGGGS", ""),
        (LAMBDA, "GQPKANPTV", "G"),
        (LAMBDA, "SQPKAAPSV", "S"),
        (LAMBDA, "G", "G"),
        (LAMBDA, LINKER, ""),
        (LAMBDA, "GGGGS", ""),
        (LAMBDA, "AGGGGS", ""),
        (LAMBDA, "HHHHHH", ""),
    ],
)
def test_aho_numbers_the_first_residue_of_a_constant_region(
    light: str, tail: str, numbered: str
) -> None:
    alone = from_sequences(light=light, scheme="aho").light
    found = from_sequences(light=light + tail, scheme="aho").light
    assert alone is not None
    rest = tail.removeprefix(numbered) or None
    assert found == replace(alone, fr4=alone.fr4 + numbered, constant=rest)


@pytest.mark.parametrize(
    ("sequence", "found"),
    [
        (HEAVY, "heavy"),
        (HEAVY + LINKER + HEAVY, "heavy and heavy"),
        (LIGHT + LINKER + LAMBDA, "kappa and lambda"),
        (HEAVY + LINKER + LIGHT + LINKER + HEAVY, "heavy and kappa and heavy"),
    ],
)
def test_other_chains_than_single_ones_are_refused(sequence: str, found: str) -> None:
    with pytest.raises(lg.ConversionError, match=f"in one chain, found {found}: from_sequences"):
        from_scfv(sequence)


def test_residues_that_the_library_loses_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    annotator = numbering._annotator

    class Forgetful:
        def __init__(self, scheme: str, chains: str) -> None:
            self.number_domains = annotator(scheme, chains).number_domains
            self.whole = annotator(scheme, chains).segment

        def segment(self, letters: str) -> object:
            return self.whole(letters[:-1])

    monkeypatch.setattr(numbering, "_annotator", Forgetful)
    with pytest.raises(RuntimeError, match="immunum gave 119 of the 120 residues"):
        from_sequences(HEAVY)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_table_of_schemes_is_that_of_the_library(scheme: Scheme) -> None:
    immunum = pytest.importorskip("immunum")
    (row,) = [line for line in (schemes.__doc__ or "").splitlines() if line.startswith(scheme)]
    stated = re.findall(r"(\d+)-(\d+)", row)
    found = [
        tuple(map(str, immunum.regions_for(scheme, chain)[cdr]))
        for chain in ("heavy", "kappa")
        for cdr in ("cdr1", "cdr2", "cdr3")
    ]
    assert stated == found
    assert immunum.regions_for(scheme, "kappa") == immunum.regions_for(scheme, "lambda")
