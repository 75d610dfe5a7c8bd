"""Object types as a user would declare them; to import this declares them in this process."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import logos_grammar as lg
from logos_grammar.declared import ObjectType
from logos_grammar.molecule import Molecule
from logos_grammar.protein import Protein


@dataclass(frozen=True)
class Arm:
    linkage: str
    sugar: Sugar


@dataclass(frozen=True)
class Sugar:
    name: str
    arms: tuple[Arm, ...]


@dataclass(frozen=True)
class Glycan:
    root: Sugar


GLYCAN = lg.declare(
    """
(* A tree of sugars: each arm says how it is linked. *)
tokens: glycan_bracket at 7168
    <GlycanS>  a glycan begins
    <GlycanE>  the glycan ends
    <ArmS>     an arm begins
    <ArmE>     the arm ends
tokens: monosaccharide at 7176
    Glc        glucose
    Gal        galactose
    Man        mannose
tokens: linkage at 7184
    a1-{2..6}  alpha linkage to carbon {n}
    b1-{2..6}  beta linkage to carbon {n}

glycan = "<GlycanS>" sugar "<GlycanE>" ;
sugar  = monosaccharide arm* ;
arm    = "<ArmS>" linkage sugar "<ArmE>" ;

accepted: glycan
    7168 7176 7169                                       Glc
    7168 7177 7170 7191 7176 7171 7169                   Glc b1-4 Gal
refused: glycan
    7168 7169                      at 1: expected        a sugar is missing
    7168 7176 7170 7191 7176 7169  at 5: expected        the arm does not end
""",
    Glycan,
)


@dataclass(frozen=True)
class Peak:
    mz: Decimal
    intensity: Decimal


@dataclass(frozen=True)
class Spectrum:
    negative: bool
    charge: int
    decimals: int
    peaks: tuple[Peak, ...]
    of: Molecule | None


SPECTRUM = lg.declare(
    """
tokens: spectrum_bracket at 7208
    <SpectrumS>  a mass spectrum begins
    <SpectrumE>  the spectrum ends
    <Negative>   of negative ions
spectrum = "<SpectrumS>" "<Negative>"? positive decimals peak* molecule? "<SpectrumE>" ;
peak     = number number ;
""",
    Spectrum,
)


@dataclass(frozen=True)
class Unit:
    residue: str
    bridge: str | None


@dataclass(frozen=True)
class Peptide:
    cyclic: bool
    units: tuple[Unit, ...]


PEPTIDE = lg.declare(
    """
tokens: peptide_bracket at 7216
    <PeptideS>   a peptide begins
    <PeptideE>   the peptide ends
    <Cyclic>     its ends are joined
tokens: bridge_open at 7224
    S{1..9}      bridge {n} begins
tokens: bridge_close at 7240
    /S{1..9}     bridge {n} ends
peptide = "<PeptideS>" "<Cyclic>"? unit* "<PeptideE>" ;
    where: lowest_free(bridge_open, bridge_close, unit)
    where: opened(bridge_close, bridge_open)
    where: closes_within(bridge_open, bridge_close, peptide)
unit    = amino_acid ( bridge_open | bridge_close )? ;

refused: peptide
    7216 60 7225     at 2: lowest_free(bridge_open, bridge_close, unit)      1 is free
    7216 60 7240     at 2: opened(bridge_close, bridge_open)                 nothing is open
    7216 60 7224 7217     at 3: closes_within(bridge_open, bridge_close, peptide)  1 is open
""",
    Peptide,
)


@dataclass(frozen=True)
class Fold:
    pairs: tuple[str, ...]


FOLD = lg.declare(
    """
(* The pairs of an RNA in dots and brackets. *)
tokens: fold_bracket at 7256
    <FoldS>   a fold begins
    <FoldE>   the fold ends
tokens: pairing at 7264
    Unpaired  a base without a partner
    Opens     the first of two that pair
    Closes    the second of them
fold = "<FoldS>" ( "Unpaired" | "Opens" | "Closes" )* "<FoldE>" ;
    where: as_many("Closes", "Opens")
""",
    Fold,
)


@dataclass(frozen=True)
class Heat:
    kelvin: int
    repeats: int
    stirred: bool


@dataclass(frozen=True)
class Wash:
    solvent: Molecule | None


@dataclass(frozen=True)
class Bind:
    component: str
    to: Protein | None


@dataclass(frozen=True)
class Assay:
    blanks: int
    steps: tuple[Bind | Heat | Wash | str, ...]


ASSAY = lg.declare(
    """
tokens: assay at 7280
    <AssayS>   an assay begins
    <AssayE>   the assay ends
    Blank      a measurement of nothing
    <Heat>     it is heated
    <Again>    and once more
    <Stirred>  while it is stirred
    <Wash>     it is washed
    <Bind>     a component is added
    Wait       it is left alone
    Read       it is read out
assay = "<AssayS>" "Blank"* stage* "<AssayE>" ;
stage = bind | heat | wash | "Wait" | "Read" ;
bind  = "<Bind>" component_name protein? ;
heat  = "<Heat>" index "<Again>"* "<Stirred>"? ;
wash  = "<Wash>" molecule? "<Stirred>" ;
""",
    Assay,
)

ALL: tuple[ObjectType, ...] = (GLYCAN, SPECTRUM, PEPTIDE, FOLD, ASSAY)
