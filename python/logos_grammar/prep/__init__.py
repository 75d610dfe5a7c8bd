"""Preparation: files of molecules, reactions and sequences become shards of token ids."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Literal
from warnings import warn

from logos_grammar.antibody.schemes import Scheme
from logos_grammar.formats.compressed import InputError
from logos_grammar.prep.batch import Options, PrepKind
from logos_grammar.prep.carried import CarriedType, carried_columns
from logos_grammar.prep.manifest import Counts, Input, Manifest, Output, read_manifest
from logos_grammar.prep.plan import plan_of, sources_of
from logos_grammar.prep.readers import TableOptions
from logos_grammar.prep.run import Progress, run
from logos_grammar.prep.shard_reader import ShardReader
from logos_grammar.prep.shards import Shards
from logos_grammar.prep.words import Words
from logos_grammar.structure import BlankOccupancy

__all__ = [
    "Counts",
    "Input",
    "InputError",
    "Manifest",
    "Options",
    "Output",
    "Progress",
    "ShardReader",
    "Shards",
    "prepare",
    "read_manifest",
]

CHUNK_BYTES = 1 << 22
"""How much of a file is one unit of work, unless the caller says otherwise."""


def prepare(  # noqa: PLR0913 (each a choice of the user's)
    inputs: Iterable[str | os.PathLike[str]] | str | os.PathLike[str],
    *,
    kind: PrepKind,
    out: str | os.PathLike[str],
    column: str | None = None,
    format: str | None = None,
    header: bool | None = None,
    workers: int = 1,
    chunk_bytes: int = CHUNK_BYTES,
    fold_case: bool = False,
    without_extensions: bool = False,
    without_conformers: bool = False,
    without_stereo_groups: bool = False,
    without_substance_groups: bool = False,
    without_atropisomers: bool = False,
    stereo: Literal["coordinates", "wedges"] = "coordinates",
    layouts: Literal["refuse", "keep"] = "refuse",
    blank_occupancy: BlankOccupancy = "refuse",
    without_links: bool = False,
    poses: int | None = None,
    without_order: bool = False,
    without_title: bool = False,
    without_properties: bool = False,
    without_maps: bool = False,
    kekulized: bool = False,
    root_aligned: bool = False,
    retro: bool = False,
    projections: Iterable[str] = (),
    incomplete: bool = False,
    na: Literal["missing", "residues"] | None = None,
    scheme: Scheme | None = None,
    without_leader: bool = False,
    words: Words | None = None,
    fragment_bond: str | None = None,
    carried: Mapping[str, CarriedType] | Iterable[str] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> Manifest:
    """Turn files into shards of token ids.

    The bytes that are written depend on the files and the options, not on `workers`,
    `chunk_bytes`, or on how often the run was stopped and begun again. A run that was stopped,
    by Ctrl-C or by `kill -9`, continues when the same call is made again.

    Parameters
    ----------
    inputs
        Paths of lists of SMILES or sequences, CSV, TSV, JSON lines, Parquet, SDF, RXN, FASTA, PDB
        or mmCIF, by their endings; each may be compressed (`.gz`, `.bz2`, `.xz`, `.zst`). A folder
        gives the files in it whose endings are of formats of the kind. Structures and SDF may be in
        tars, which are read without unpacking them, and named by a list of paths (`.txt`, `.list`,
        `.lst`).
    kind
        What their records are: molecule, reaction, protein, rna or dna; antibody for AIRR tables
        and, with `scheme`, tables of chains; conformer for SDF; structure for PDB and mmCIF;
        infill, edit and all others for lines of sentences (`.sentences`), the names of the tokens
        with blanks between them.
    out
        The folder to write in. It gets `{kind}.bin` and `{kind}.idx` (Megatron, uint16, one
        document for each sentence, with `<eos>` behind it), `{kind}.parquet` (source, record,
        kind, tokens; for conformers also records, of how many each has the poses),
        `refused.jsonl` and, last, `manifest.json`.
    column
        The column that holds the texts; None takes the one with a usual name. In CSV and TSV
        without a header, its number from 1.
    format
        The format of all inputs, where their endings do not say it: lines, csv, tsv, jsonl,
        parquet, sdf, rxn, fasta, pdb, mmcif or tar.
    header
        Whether the first line of a list or table is a header; None goes by the first word of a
        list, and takes the first row of a table for one.
    workers
        How many processes do the work. More than 1 needs a main module that can be imported, as
        always with processes in Python.
    chunk_bytes
        How much of a file is one unit of work.
    fold_case
        Read lower-case letters of sequences as upper-case ones.
    without_extensions
        Leave out CXSMILES features that a sentence does not hold.
    without_conformers
        Leave out three-dimensional coordinates of SDF and RXN records.
    without_stereo_groups
        Leave out which stereo centres of SDF and RXN records are relative or racemic.
    without_substance_groups
        Leave out the substance groups of SDF and RXN records.
    without_atropisomers
        Leave out the handedness of single bonds (atropisomers) of SDF and RXN records.
    stereo, layouts
        For conformers, as for `Conformer.from_sdf`.
    poses
        How many records of SDF one conformer takes at most, 1,000 unless said: those that follow
        each other and have the same molecule, title and data items, which may be left out. 1 keeps
        each record by itself. A run of such records is in memory as a whole, up to this many.
    blank_occupancy
        For structures, as for `Structure.from_pdb`.
    without_links
        Leave out of structures the links between residues.
    without_order, without_title, without_properties
        Leave out of conformers the order of the atoms, the title or the data items of the record.
    without_maps
        Leave out map numbers, and the brackets that only they needed.
    kekulized
        Write single and double bonds for aromatic ones, as `molecule.rdkit.kekulized` does.
    root_aligned
        Write the atoms of both sides of reactions in as similar an order as their map numbers
        allow, as `reaction.rdkit.root_aligned` does.
    retro
        Write reactions from products to reactants.
    projections
        What structures and conformers become: names of their methods, such as
        ``["without_waters", "backbone"]``, in the order in which they are applied.
    incomplete, na
        For tables of antibodies, as for `antibody.tables.from_airr`.
    scheme, without_leader
        For tables of the chains of antibodies, in columns `heavy` and `light`, as for
        `antibody.numbering.from_sequences`.
    words
        What the words behind the first one of a line are: ``"names"`` of the text, or ``"tokens"``
        of it (``C C ( = O ) O``), which are joined, in a cell as well. None refuses lists and lines
        that may be either.
    fragment_bond
        The sign between the fragments of one molecule, such as the ``~`` of rxn-chemutils
        (``CC.[Na+]~[Cl-]>>CCO``). None reads ``~`` as the bond that it is in SMILES.
    carried
        Columns of the input that go along into the table of the sentences, such as labels: their
        names, or each with its type, ``{"label": "float", "split": "str"}``. Empty numbers are
        missing; a record whose cell is of another type is refused. Of CSV, TSV, JSON lines,
        Parquet and AIRR tables. Of a tar, ``member`` is the name of the member.
    on_progress
        Called after each chunk with the progress of the run.
    watch
        The deprecated name of `on_progress`.

    Returns
    -------
    Manifest
        What was read, written and refused, and why.

    Raises
    ------
    InputError
        If a file cannot be read at all, or `out` holds something else. A record that cannot be
        a sentence raises nothing: it is in `refused.jsonl`.
    """
    if watch is not None:
        warn("watch was renamed: say on_progress", DeprecationWarning, stacklevel=2)
        on_progress = watch
    paths = [inputs] if isinstance(inputs, str | os.PathLike) else inputs
    types = carried_columns(carried)
    options = Options(
        kind=kind,
        fold_case=fold_case,
        without_extensions=without_extensions,
        without_conformers=without_conformers,
        without_stereo_groups=without_stereo_groups,
        without_substance_groups=without_substance_groups,
        without_atropisomers=without_atropisomers,
        stereo=stereo,
        layouts=layouts,
        blank_occupancy=blank_occupancy,
        without_links=without_links,
        without_order=without_order,
        without_title=without_title,
        without_properties=without_properties,
        without_maps=without_maps,
        kekulized=kekulized,
        root_aligned=root_aligned,
        retro=retro,
        projections=tuple(projections),
        incomplete=incomplete,
        na=na,
        scheme=scheme,
        without_leader=without_leader,
        words=words,
        fragment_bond=fragment_bond,
        carried=types,
    )
    table_options = TableOptions(
        column=column,
        header=header,
        words=words,
        incomplete=incomplete,
        scheme=scheme,
        carried=tuple(types),
        poses=poses,
    )
    sources = sources_of(paths, kind=kind, format=format, table_options=table_options)
    plan = plan_of(sources, options=options, chunk_bytes=chunk_bytes)
    return run(plan, out=Path(out), workers=workers, on_progress=on_progress)
