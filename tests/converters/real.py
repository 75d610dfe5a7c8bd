"""Texts of the real files beside the checkout, a part of each so that the tests stay fast."""

from __future__ import annotations

import csv
import lzma
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

SMILES = {
    "molecules/b3db_classification.tsv.xz": "SMILES",
    "molecules/chembl_5thresh_smiles.csv.xz": "smiles",
    "molecules/chembl_drugs.smi.xz": None,
    "molecules/molnet_hiv.csv.xz": "smiles",
    "molecules/molnet_muv.csv.xz": "smiles",
    "molecules/molnet_tox21.csv.xz": "smiles",
    "molecules/moses_train.csv.xz": "SMILES",
    "molecules/nasty/selected_smiles.tsv.xz": "smiles",
    "molecules/nonfullerene_acceptors.csv.xz": "smiles",
    "molecules/polymers_valid.smi.xz": None,
    "molecules/pubchem_substances_100k.smi.xz": None,
    "molecules/qm9_smiles.csv.xz": "smiles",
    "molecules/walters_set_A.smi.xz": None,
    "molecules/zinc250k_valid.smi.xz": None,
    "molecules/zinc_natural_products_50k.smi.xz": None,
}
"""Files of SMILES, and the column in which they stand."""

REACTIONS = {
    "reactions/ecreact_train_valid.csv.xz": "rxn",
    "reactions/nasty/synrxn_property_b97xd3.csv.xz": "aam",
    "reactions/nasty/synrxn_property_cycloadd.csv.xz": "aam",
    "reactions/nasty/synrxn_rbl_mnc.csv.xz": "rxn",
    "reactions/nasty/synrxn_synthesis_da.csv.xz": "reaction_original",
    "reactions/rhea_75pct.rsmi.xz": None,
    "reactions/synrxn_aam_enzyme_map.csv.xz": "rxn",
    "reactions/synrxn_aam_golden.csv.xz": "ground_truth",
    "reactions/synrxn_aam_uspto_3k.csv.xz": "ground_truth",
    "reactions/suzuki_miyaura_hte.tsv.xz": "rxn",
    "reactions/uspto15k_valid.txt.xz": None,
    "reactions/uspto50k_raw_val.csv.xz": "rxn_smiles",
    "reactions/uspto_full_val.rsmi.xz": None,
}
"""Files of reaction SMILES, and the column in which they stand."""


def texts_of(folder: Path, name: str, column: str | None, *, count: int) -> Iterator[str]:
    """Read texts of a file, from its beginning: a column of a table, or the first of each line."""
    with lzma.open(folder / name, "rt", encoding="utf-8") as lines:
        if column is None:
            yield from (line.split()[0] for line in islice(lines, count) if line.strip())
            return
        delimiter = "\t" if ".tsv" in name else ","
        table = csv.DictReader(lines, delimiter=delimiter)
        yield from (row[column] for row in islice(table, count) if row[column])
