"""A row of an AIRR table, with all regions of a heavy chain."""

HEAVY = {
    "locus": "IGH",
    "fwr1_aa": "QVQ",
    "cdr1_aa": "GF",
    "fwr2_aa": "WV",
    "cdr2_aa": "IN",
    "fwr3_aa": "RC",
    "cdr3_aa": "AR",
    "fwr4_aa": "WG",
    "v_call": "IGHV1-1*01",
}
