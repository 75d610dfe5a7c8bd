"""Options that all commands share which read files of records."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

from logos_grammar.antibody.schemes import SCHEMES
from logos_grammar.formats.compressed import InputError
from logos_grammar.kinds import FORMS
from logos_grammar.prep.batch import KINDS, PrepKind
from logos_grammar.prep.files import write_whole
from logos_grammar.prep.folder import is_input
from logos_grammar.prep.methods import METHODS
from logos_grammar.prep.readers import ENDINGS

_LOSSES = {
    "fold_case": "read lower-case letters of sequences as upper-case: drops soft masking",
    "without_extensions": "drop CXSMILES features that a sentence does not hold",
    "without_conformers": "drop three-dimensional coordinates of SDF and RXN records",
    "without_stereo_groups": "drop which stereo centres of SDF and RXN are relative or racemic",
    "without_substance_groups": "drop substance groups of SDF and RXN, such as polymer brackets",
    "without_atropisomers": "drop the handedness of single bonds of SDF and RXN records",
    "without_links": "drop the links between residues of structures",
}

_PROJECTIONS = {
    "without_maps": "leave out map numbers, and the brackets that only they needed",
    "kekulized": "write single and double bonds for aromatic ones",
    "without_order": "leave out of conformers in which order their record has the atoms",
    "without_title": "leave out of conformers the title of their record",
    "without_properties": "leave out of conformers the data items of their record",
    "root_aligned": "write both sides of reactions in as similar an order as map numbers allow",
    "retro": "write reactions from products to reactants",
}

_PIECE = 1 << 20
_TABLES = ("incomplete", "na", "scheme", "without_leader")


def add_input_options(parser: argparse.ArgumentParser, *, kind_required: bool) -> None:
    """Add what says how to read files and what to leave out of their records."""
    parser.add_argument(
        "--kind",
        type=_prep_kind,
        required=kind_required,
        metavar="KIND",
        help=f"what the records are: {', '.join(KINDS)}"
        + ("" if kind_required else "; otherwise the file tells"),
    )
    parser.add_argument(
        "--column",
        metavar="NAME",
        help="the column that holds the texts; its number from 1 in a table without a header",
    )
    parser.add_argument("--format", choices=tuple(ENDINGS), help="where the ending does not say it")
    parser.add_argument(
        "--header",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="whether a list or table begins with a header; else the first word of a list tells",
    )
    parser.add_argument(
        "--words",
        choices=("names", "tokens"),
        help="what the words behind the first one of a line are: names, or tokens of the same text "
        "(C C O), which are joined; otherwise lines that may be either are refused",
    )
    parser.add_argument(
        "--fragment-bond",
        metavar="SIGN",
        help="the sign between the fragments of one molecule, such as the ~ of rxn-chemutils",
    )
    parser.add_argument(
        "--stereo",
        choices=("coordinates", "wedges"),
        default="coordinates",
        help="whence the stereo of a conformer is taken where its record has both",
    )
    parser.add_argument(
        "--layouts",
        choices=("refuse", "keep"),
        default="refuse",
        help="what becomes of a conformer that is a layout in the plane",
    )
    parser.add_argument(
        "--poses",
        type=int,
        metavar="N",
        help="how many records of one molecule are the poses of one conformer at most (default "
        "1000); 1 keeps each record by itself",
    )
    parser.add_argument(
        "--blank-occupancy",
        choices=("refuse", "one"),
        default="refuse",
        help="what becomes of an atom of a structure without an occupancy where others have one",
    )
    loss = parser.add_argument_group("what may be left out (otherwise such records are refused)")
    for name, text in _LOSSES.items():
        loss.add_argument("--" + name.replace("_", "-"), action="store_true", help=text)
    _add_table_options(parser)


def add_projections(parser: argparse.ArgumentParser) -> None:
    """Add the options that write other sentences than those of the texts."""
    group = parser.add_argument_group("what the records become")
    for name, text in _PROJECTIONS.items():
        group.add_argument("--" + name.replace("_", "-"), action="store_true", help=text)
    group.add_argument(
        "--projection",
        action="append",
        default=[],
        dest="projections",
        metavar="NAME",
        help="a method of structures or conformers, applied in the order given: "
        + ", ".join(METHODS),
    )


def _add_table_options(parser: argparse.ArgumentParser) -> None:
    """Add what says how tables of antibodies are read."""
    tables = parser.add_argument_group("tables of antibodies")
    tables.add_argument(
        "--incomplete", action="store_true", help="take regions that a row lacks as empty"
    )
    tables.add_argument(
        "--scheme",
        choices=SCHEMES,
        help="number the chains of the columns heavy and light, and cut them by this scheme",
    )
    tables.add_argument(
        "--without-leader",
        action="store_true",
        help="with --scheme, drop what comes before a variable domain, such as a signal peptide",
    )
    tables.add_argument(
        "--na",
        choices=("missing", "residues"),
        help="what the cells NA and NULL are; otherwise rows with them are refused",
    )


def projections(args: argparse.Namespace) -> dict[str, Any]:
    """Return what the records become, by the names of the options of `prep.Options`."""
    return {name: getattr(args, name) for name in (*_PROJECTIONS, "projections")}


def tables(args: argparse.Namespace) -> dict[str, Any]:
    """Return how tables of antibodies are read, by the names of the options of `prep.Options`."""
    return {name: getattr(args, name) for name in _TABLES}


def _prep_kind(argument: str) -> PrepKind:
    if argument in KINDS:
        return argument
    forms = [form for form in KINDS if FORMS.get(form) == argument]
    say = f": say {' or '.join(forms)}" if forms else ""
    raise argparse.ArgumentTypeError(f"expected one of {', '.join(KINDS)}, not {argument!r}{say}")


def losses(args: argparse.Namespace) -> dict[str, Any]:
    """Return what may be left out, by the names of the options of `prep.Options`."""
    return {name: getattr(args, name) for name in _LOSSES}


def readings(args: argparse.Namespace) -> dict[str, Any]:
    """Return how texts are read, by the names of the options of `prep.Options`."""
    names = ("words", "fragment_bond", "stereo", "layouts", "blank_occupancy")
    return {name: getattr(args, name) for name in names}


@contextmanager
def told(command: str) -> Iterator[None]:
    """Print what warnings say of the input as lines of a command."""
    with catch_warnings():
        simplefilter("always", UserWarning)
        warnings.showwarning = lambda message, *_, **__: print(
            f"logos_grammar {command}: {message}", file=sys.stderr
        )
        yield


@contextmanager
def kept_stdin(inputs: list[str], *, format: str | None, folder: Path) -> Iterator[list[str]]:
    """Write the standard input, where an input is ``-``, to a file, which can be read twice.

    After an exception the file stays if a run that was begun in the folder reads it; otherwise
    the folder is as it was.

    Parameters
    ----------
    inputs
        The paths of the command.
    format
        The format that the caller named.
    folder
        Where the file is to be.

    Yields
    ------
    list of str
        The paths, that of the file in the place of ``-``.

    Raises
    ------
    InputError
        If no format was named, ``-`` is there twice, or the file is there with other bytes.
    """
    if "-" not in inputs:
        yield inputs
        return
    if format is None:
        raise InputError("say the --format of the standard input")
    if inputs.count("-") > 1:
        raise InputError("expected - once: the standard input is read to its end")
    path = folder / f"stdin{(*ENDINGS[format], '.txt')[0]}"
    given = [str(path) if one == "-" else one for one in inputs]
    if os.path.lexists(path):
        _check_stdin(path)
        yield given
        return
    new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with write_whole(path) as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        yield given
    except BaseException:
        if not is_input(path, folder):
            path.unlink(missing_ok=True)
            if new and not any(folder.iterdir()):
                folder.rmdir()
        raise


def _check_stdin(path: Path) -> None:
    """Refuse a standard input that is not what an earlier run kept of it."""
    same = path.is_file()
    if same:
        with path.open("rb") as file:
            while same and (piece := sys.stdin.buffer.read(_PIECE)):
                same = file.read(len(piece)) == piece
            same = same and not file.read(1)
    if not same:
        raise InputError(
            f"the standard input is not what {path} holds: delete the folder, or choose another"
        )
