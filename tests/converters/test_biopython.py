"""Sequences and antibodies to Biopython records and back."""

from __future__ import annotations

import lzma
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from Bio import SeqFeature as seq_feature
from Bio import SeqIO
from Bio.Seq import MutableSeq, Seq
from Bio.SeqRecord import SeqRecord
from hypothesis import given

import logos_grammar as lg
from logos_grammar.antibody import Antibody, Chain
from logos_grammar.antibody.biopython import from_biopython as antibody_from_biopython
from logos_grammar.antibody.biopython import to_biopython as antibody_to_biopython
from logos_grammar.antibody.strategies import antibodies
from logos_grammar.formats.biopython import feature_of
from logos_grammar.nucleic_acid import NucleicAcid
from logos_grammar.nucleic_acid.biopython import from_biopython as strand_from_biopython
from logos_grammar.nucleic_acid.biopython import to_biopython as strand_to_biopython
from logos_grammar.nucleic_acid.strategies import nucleic_acids
from logos_grammar.protein import Protein
from logos_grammar.protein.biopython import from_biopython, to_biopython
from logos_grammar.protein.strategies import proteins

# Biopython leaves these without types.
place: Any = seq_feature.SimpleLocation
unknown: Any = seq_feature.UnknownPosition()
before: Any = seq_feature.BeforePosition
within: Any = seq_feature.WithinPosition

MUTABLE = MutableSeq("MKL")  # type: ignore[no-untyped-call]


@given(proteins())
def test_proteins_come_back(protein: Protein) -> None:
    assert from_biopython(to_biopython(protein)) == protein


@given(nucleic_acids())
def test_nucleic_acids_come_back(strand: NucleicAcid) -> None:
    assert strand_from_biopython(strand_to_biopython(strand)) == strand


@given(antibodies())
def test_antibodies_come_back(antibody: Antibody) -> None:
    assert antibody_from_biopython(*antibody_to_biopython(antibody)) == antibody


def test_a_record_says_what_it_holds() -> None:
    record = to_biopython(Protein("MK(MSE)L"))
    assert str(record.seq) == "MKXL"
    assert record.annotations["molecule_type"] == "protein"
    assert record.features[0].qualifiers == {"component": ["MSE"]}
    assert strand_to_biopython(NucleicAcid("rna", "GG(PSU)C")).annotations == {
        "molecule_type": "RNA"
    }


@pytest.mark.parametrize("sequence", [Seq("MKL"), MUTABLE, SeqRecord(Seq("MKL"))])
def test_every_kind_of_sequence_is_read(sequence: Seq | MutableSeq | SeqRecord) -> None:
    assert from_biopython(sequence) == Protein("MKL")


@pytest.mark.parametrize(
    ("said", "kind"),
    [("DNA", "dna"), ("genomic DNA", "dna"), ("mRNA", "rna"), ("ss-RNA", "rna"), ("tRNA", "rna")],
)
def test_the_kind_of_strand_is_what_the_record_says(said: str, kind: str) -> None:
    record = SeqRecord(Seq("ACG"), annotations={"molecule_type": said})
    assert strand_from_biopython(record).kind == kind


@pytest.mark.parametrize("said", ["", "DNA/RNA", "protein"])
def test_strands_of_unknown_kind_are_refused(said: str) -> None:
    record = SeqRecord(Seq("ACG"), annotations={"molecule_type": said})
    with pytest.raises(lg.ConversionError, match="expected DNA or RNA as molecule_type or kind"):
        strand_from_biopython(record)
    assert strand_from_biopython(record, kind="dna") == NucleicAcid("dna", "ACG")


@pytest.mark.parametrize(
    ("sequence", "message"),
    [
        (Seq(None, length=5), "expected known letters, found a length only"),
        (Seq("MK(MSE)L"), r"expected a letter at 2, found \("),
        (SeqRecord(None), "expected a sequence, found a record without one"),
        (Seq("MK?"), "residue"),
        (Seq("mk"), "residue"),
        (
            SeqRecord(
                Seq("MK"), features=[feature_of(0, 2, "modified_residue", {"component": ["MSE"]})]
            ),
            "expected component MSE at one letter",
        ),
        (
            SeqRecord(
                Seq("MK"),
                features=[feature_of(0, 1, "modified_residue", {"component": ["MSE", "SEP"]})],
            ),
            r"expected one component at 0, found \(MSE\) and SEP",
        ),
        (
            SeqRecord(
                Seq("MK"), features=[feature_of(0, 1, "modified_residue", {"component": ["MET"]})]
            ),
            "MET",
        ),
    ],
)
def test_what_is_no_protein_is_refused(sequence: Seq | SeqRecord, message: str) -> None:
    with pytest.raises(lg.ConversionError, match=message):
        from_biopython(sequence)


def test_case_is_left_out_only_when_asked() -> None:
    assert from_biopython(Seq("mkL"), without_case=True) == Protein("MKL")
    assert strand_from_biopython(Seq("acG"), kind="dna", without_case=True).sequence == "ACG"


def _chain_record(*regions: tuple[str, int, int]) -> SeqRecord:
    record = SeqRecord(Seq("QVGFWVINARCAWG"), annotations={"locus": "IGH"})
    for name, start, end in regions:
        record.features.append(feature_of(start, end, "misc_feature", {"note": [name]}))
    return record


REGIONS = (
    ("FWR1", 0, 2),
    ("CDR-H1", 2, 4),
    ("fwr2", 4, 6),
    ("CDR2-IMGT", 6, 8),
    ("FR3", 8, 11),
    ("cdr3", 11, 12),
    ("FR4", 12, 14),
)


def test_regions_are_known_by_their_usual_names() -> None:
    antibody = antibody_from_biopython(_chain_record(*REGIONS))
    assert antibody == Antibody(
        Chain("heavy", "QV", "GF", "WV", "IN", "ARC", "A", "WG", None), None
    )


@pytest.mark.parametrize(
    ("regions", "message"),
    [
        (REGIONS[:-1], "expected region fr4, found none"),
        ((*REGIONS, ("FR1", 0, 1)), "expected one region fr1, found another"),
        ((*REGIONS[:-1], ("FR4", 13, 14)), "expected region fr4 to begin at 12, found 13"),
        ((*REGIONS[:-1], ("FR4", 12, 13)), "expected regions up to 14, found them up to 13"),
    ],
)
def test_chains_without_all_regions_in_order_are_refused(
    regions: tuple[tuple[str, int, int], ...], message: str
) -> None:
    with pytest.raises(lg.ConversionError, match=message):
        antibody_from_biopython(_chain_record(*regions))


def _cdr1_at(location: Any) -> SeqRecord:
    record = _chain_record(*REGIONS)
    record.features[1].location = location
    return record


def test_a_region_in_pieces_without_a_gap_is_one_region() -> None:
    whole = antibody_from_biopython(_chain_record(*REGIONS))
    assert antibody_from_biopython(_cdr1_at(place(2, 3) + place(3, 4))) == whole
    partial = _chain_record(*REGIONS)
    partial.features[0].location = place(before(0), 2)
    assert antibody_from_biopython(partial) == whole


@pytest.mark.parametrize(
    ("location", "message"),
    [
        (place(2, 2) + place(3, 4), "without a gap, found a piece up to 2 and"),
        (place(3, 4) + place(2, 3), "without a gap, found a piece up to 4 and"),
        (place(2, unknown), r"a known position of region cdr1, found \[2:Unkn"),
        (place(unknown, 4), "a known position of region cdr1"),
        (place(2, within(5, 3, 5)), "a known position of region cdr1"),
        (place(2, 4, strand=-1), "region cdr1 on the strand that is given"),
        (place(2, 4, ref="other"), "region cdr1 in this record, found other"),
        (None, "a location of region cdr1, found none"),
    ],
)
def test_a_region_that_is_not_one_known_piece_is_refused(location: Any, message: str) -> None:
    with pytest.raises(lg.ConversionError, match=message):
        antibody_from_biopython(_cdr1_at(location))


@pytest.mark.parametrize(
    ("location", "message"),
    [
        (place(unknown, unknown), "known position of component MSE"),
        (place(1, 3), "component MSE at one letter"),
        (place(0, 1) + place(3, 4), "component MSE without a gap"),
        (place(0, 1, strand=-1), "component MSE on the strand"),
    ],
)
def test_a_component_that_is_not_at_one_letter_is_refused(location: Any, message: str) -> None:
    component = feature_of(0, 1, "modified_residue", {"component": ["MSE"]})
    component.location = location
    with pytest.raises(lg.ConversionError, match=message):
        from_biopython(SeqRecord(Seq("MKLV"), features=[component]))
    # Between two regions it belongs to no region, and is not lost for that.
    chain = _chain_record(*REGIONS)
    chain.features.append(component)
    with pytest.raises(lg.ConversionError, match=message):
        antibody_from_biopython(chain)


def test_two_chains_of_one_kind_are_refused() -> None:
    record = _chain_record(*REGIONS)
    with pytest.raises(lg.ConversionError, match="found heavy, heavy"):
        antibody_from_biopython(record, record)


def test_real_records_come_back(real_data: Path) -> None:
    folder = real_data / "protein_sequences"
    for name in ("prokka_Viruses_sprot.fasta.xz", "deepfri_nrPDB_GO_test.fasta.xz"):
        with lzma.open(folder / name, "rt") as lines:
            records = SeqIO.parse(lines, "fasta")  # type: ignore[no-untyped-call]
            for record in islice(records, 300):
                protein = from_biopython(record, without_case=True)
                assert str(to_biopython(protein).seq) == str(record.seq).upper()
                assert from_biopython(to_biopython(protein)) == protein
