"""Antibodies from the sequences of their chains, which immunum numbers and cuts into regions.

Kept: every residue. What follows a variable domain is the constant region of its chain. Only the
AHo scheme gives its first residue a number in a light chain, 149: that residue is in FR4 where it
begins a constant region, but no linker's or tag's, and none of a single chain, is.

Added: the regions, by a scheme that the caller names, and the locus of a light chain. Neither a
region nor an `Antibody` says which scheme it was: keep one scheme in a data set.

Refused, with the chain and the reason: what is not a variable domain of an antibody; residues
before it, of which an antibody has none, unless an option leaves them out; a heavy chain given as
a light one and the reverse; two domains in one chain (see `from_scfv`); domains without a region,
unless an option takes it as empty; gaps and stops; and domains with an insertion or deletion in a
framework, which no scheme has numbers for, when a conserved residue shows it
(`logos_grammar.antibody.conserved`).

Source: Dvorak et al., immunum, <https://immunum.enpicom.com>; IMGT unique numbering,
<https://doi.org/10.1016/S0145-305X(02)00039-3>. `python -m benchmarks.numbering` compares with the
regions of published tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from logos_grammar.antibody import Antibody, Chain
from logos_grammar.antibody.conserved import moved
from logos_grammar.antibody.schemes import SCHEMES, Scheme
from logos_grammar.antibody.tables import Locus
from logos_grammar.codec import encode
from logos_grammar.error import ConversionError
from logos_grammar.formats.letters import letters_of
from logos_grammar.protein import Protein

try:
    from immunum import Annotator, NumberingResult
except ImportError as error:
    raise ImportError("expected immunum: install logos-grammar[numbering]") from error

__all__ = ["SCHEMES", "Scheme", "SingleChainFv", "from_scfv", "from_sequences"]

_LOCI: Final[dict[str, Locus]] = {"H": "heavy", "K": "kappa", "L": "lambda"}
_RECEPTORS: Final = {"A": "alpha", "B": "beta", "G": "gamma", "D": "delta"}
_REGIONS: Final = ("fr1", "cdr1", "fr2", "cdr2", "fr3", "cdr3", "fr4")
_J_ANCHOR: Final = 118
_J_REGIONS: Final = {
    "K": re.compile("[WF]G.G..[VLMA][EDNQKV][IVLMF]."),
    "L": re.compile("[WF]G.G..[VLMA][TIN][VIL]."),
}
"""What FR4 of a light chain looks like, to its end."""
_CONSTANT: Final = {
    "kappa": re.compile("R(?:[TA]|$)"),
    "lambda": re.compile("[GRS](?:QP|Q?$)"),
}
"""How the constant region of a light chain begins; it may be cut behind its first residue."""
_SHORTEST_LEADER: Final = 10
"""How many residues a signal peptide has at least; an insertion moves fewer out of a framework."""
_NO_RESIDUES: Final = {"*": "a stop", "-": "a gap"}


@dataclass(frozen=True, kw_only=True)
class SingleChainFv:
    """A heavy and a light variable domain in one chain, and what is around them.

    Attributes
    ----------
    antibody
        Both domains as the chains of an antibody. This is the projection that has a sentence: it
        leaves out the linker, what is around the domains, and their order. The sentence of the
        whole is that of `protein`.
    heavy_first
        Whether the heavy domain comes first.
    leader, linker, tail
        What comes before, between and after the domains; each may be empty.
    """

    antibody: Antibody
    heavy_first: bool
    leader: str
    linker: str
    tail: str

    def protein(self) -> Protein:
        """The whole chain as a protein, every residue in it."""
        chains = (self.antibody.heavy, self.antibody.light)
        domains = [chain.variable().sequence for chain in chains if chain is not None]
        first, second = domains if self.heavy_first else reversed(domains)
        return Protein(f"{self.leader}{first}{self.linker}{second}{self.tail}")


def from_sequences(
    heavy: str | None = None,
    light: str | None = None,
    *,
    scheme: Scheme = "imgt",
    incomplete: bool = False,
    without_leader: bool = False,
) -> Antibody:
    """Make an antibody of the sequences of its chains.

    Parameters
    ----------
    heavy
        The heavy chain, or its variable domain, as `Protein.sequence`; None for none.
    light
        The light chain, kappa or lambda, or its variable domain; None for none.
    scheme
        Which scheme says where regions begin and end.
    incomplete
        Take a region without residues as empty, instead of refusing the chain.
    without_leader
        Leave out what comes before the variable domain, such as a signal peptide. A few residues
        may be the domain's own, moved by an insertion in its first framework, which would then be
        cut wrongly: look at them first.

    Returns
    -------
    Antibody
        With the chains that were given. What follows a variable domain is its constant region.

    Raises
    ------
    ConversionError
        For chains that are refused, as the page above says, with the name of the chain.
    ValueError
        For a scheme that is not known, or when no chain is given.
    """
    if heavy is None and light is None:
        raise ValueError("expected a heavy chain, a light chain or both, found neither")
    chains: list[Chain | None] = []
    for noun, sequence in (("heavy", heavy), ("light", light)):
        if sequence is None:
            chains.append(None)
            continue
        domains = _domains(sequence, noun=noun, scheme=scheme, incomplete=incomplete)
        if len(domains) > 1:
            found = " and ".join(domain.locus for domain in domains)
            raise ConversionError(
                f"expected one variable domain in the {noun} chain, found {found}: "
                "from_scfv reads a chain that holds a heavy and a light one"
            )
        (domain,) = domains
        if (domain.locus == "heavy") != (noun == "heavy"):
            raise ConversionError(
                f"expected a {noun} chain as {noun}, found the variable domain of a "
                f"{domain.locus} one"
            )
        if domain.before and not without_leader:
            if len(letters_of(domain.before)) < _SHORTEST_LEADER:
                hint = (
                    "fr1 may have an insertion, for which the scheme has no numbers; "
                    "without_leader=True is only for residues that are not the domain's"
                )
            else:
                hint = "without_leader=True leaves that out"
            raise ConversionError(
                f"expected the variable domain at the beginning of the {noun} chain, found "
                f"{domain.before} before it: {hint}"
            )
        if scheme == "aho":
            domain = domain.with_first_constant()
        chains.append(domain.chain(constant=domain.after or None))
    return Antibody(heavy=chains[0], light=chains[1])


def from_scfv(sequence: str, *, scheme: Scheme = "imgt", incomplete: bool = False) -> SingleChainFv:
    """Read a chain that holds a heavy and a light variable domain, in any order.

    A domain without its first residue takes the last one of the linker as its own: the sequence
    does not tell them apart.

    Parameters
    ----------
    sequence
        The whole chain, as `Protein.sequence`.
    scheme, incomplete
        As for `from_sequences`.

    Returns
    -------
    SingleChainFv
        Both domains, and what is around them.

    Raises
    ------
    ConversionError
        For other chains than those of one heavy and one light domain, and domains that are refused.
    ValueError
        For a scheme that is not known.
    """
    domains = _domains(sequence, noun="single", scheme=scheme, incomplete=incomplete)
    loci = [domain.locus for domain in domains]
    if len(domains) != 2 or loci.count("heavy") != 1:
        raise ConversionError(
            f"expected one heavy and one light variable domain in one chain, found "
            f"{' and '.join(loci)}: from_sequences reads chains of one domain"
        )
    heavy, light = sorted(domains, key=lambda domain: domain.locus != "heavy")
    first, second = domains
    return SingleChainFv(
        antibody=Antibody(heavy=heavy.chain(), light=light.chain()),
        heavy_first=first is heavy,
        leader=first.before,
        linker=second.before,
        tail=second.after,
    )


@dataclass(frozen=True, kw_only=True)
class _Domain:
    """A variable domain of a chain: its regions, and what is before and after it."""

    locus: Locus
    before: str
    regions: Mapping[str, str]
    after: str

    def chain(self, *, constant: str | None = None) -> Chain:
        return Chain(locus=self.locus, constant=constant, **self.regions)

    def with_first_constant(self) -> _Domain:
        """The domain as the AHo scheme has it: FR4 of a light chain ends in its constant region."""
        looks = _CONSTANT.get(self.locus)
        if looks is None or not self.regions["fr4"] or not looks.match(self.after):
            return self
        fr4 = self.regions["fr4"] + self.after[0]
        return replace(self, regions={**self.regions, "fr4": fr4}, after=self.after[1:])


def _domains(sequence: str, *, noun: str, scheme: Scheme, incomplete: bool) -> list[_Domain]:
    """Cut a chain into its variable domains and what is around them.

    A domain ends with its J region in every scheme, see `_Domain.with_first_constant`.
    """
    if scheme not in SCHEMES:
        raise ValueError(f"expected one of {', '.join(SCHEMES)} as scheme, found {scheme!r}")
    residues = _residues(sequence, noun)
    # Immunum has no names of components; X is any residue to it.
    letters = "".join(residue if len(residue) == 1 else "X" for residue in residues)
    numbered = _annotator("imgt", "all").number_domains(letters)
    end = _end(numbered[-1], letters)
    if end < len(letters):
        numbered = _annotator("imgt", "all").number_domains(letters[:end])
    loci = [_checked_locus(number, noun) for number in numbered]
    domains: list[_Domain] = []
    start = 0
    behind = ""
    for locus, number in zip(loci, numbered, strict=True):
        # The AHo scheme would number the first residue behind a light domain, whatever it is.
        stop = end if number.query_end is None else number.query_end + 1
        pieces = []
        for segment in _annotator(scheme, "ig").segment(letters[start:stop]).as_dict().values():
            size = len(segment or "")
            pieces.append("".join(residues[start : start + size]))
            start += size
        if start != stop:
            raise RuntimeError(f"immunum gave {start} of the {stop} residues of {sequence}")
        before, *inner, after = pieces
        regions = dict(zip(_REGIONS, inner, strict=True))
        missing = [region for region, text in regions.items() if not text]
        if missing and not incomplete:
            raise ConversionError(
                f"expected residues in {missing[0]} of the {noun} chain, found none: "
                "incomplete=True takes it as empty"
            )
        domains.append(_Domain(locus=locus, before=behind + before, regions=regions, after=""))
        behind = after
    domains[-1] = replace(domains[-1], after=behind + "".join(residues[start:]))
    return domains


def _end(last: NumberingResult, letters: str) -> int:
    """Return where the residues end that are to be numbered.

    Immunum may take the first residues of a constant region into FR4, and what begins FR4 into a
    short CDR3 of a light chain; with a tag such as GGGGS, all of FR4. Then a whole FR4 is there,
    behind the CDR3; with an insertion in FR4 it is not.
    """
    length = len(letters)
    if last.numbering is None or last.query_start is None or last.chain not in _J_REGIONS:
        return length
    landmark = moved(last.numbering, last.chain)
    if landmark is None or landmark.position != _J_ANCHOR or landmark.shift > 0:
        return length
    fr4 = _J_REGIONS[last.chain].match(letters, last.query_start + landmark.at)
    return length if fr4 is None else fr4.end()


def _residues(sequence: str, noun: str) -> list[str]:
    if not isinstance(sequence, str):
        raise TypeError(f"expected the {noun} chain as str, found {type(sequence).__name__}")
    try:
        encode(Protein(sequence))  # rejects what is not a residue
    except ConversionError as error:
        message = f"{error} of the {noun} chain"
        raise ConversionError(message, position=error.position) from error
    for at, letter in enumerate(sequence):
        if letter in _NO_RESIDUES:
            raise ConversionError(
                f"expected residues in the {noun} chain, found {_NO_RESIDUES[letter]} "
                f"at character {at}",
                position=at,
            )
    return letters_of(sequence)


def _checked_locus(number: NumberingResult, noun: str) -> Locus:
    """Return the locus of a domain, or raise the reason why it is not taken."""
    if number.chain is None or number.numbering is None:
        raise ConversionError(
            f"expected a variable domain in the {noun} chain, found none: {number.error}"
        )
    if number.chain not in _LOCI:
        raise ConversionError(
            f"expected a variable domain of an antibody in the {noun} chain, found one of the "
            f"{_RECEPTORS[number.chain]} chain of a T-cell receptor"
        )
    landmark = moved(number.numbering, number.chain)
    if landmark is not None:
        side = "before" if landmark.shift < 0 else "behind"
        raise ConversionError(
            f"expected {landmark.name} {landmark.position} of the {noun} chain at its number, "
            f"found it {abs(landmark.shift)} {side} it: a framework has an insertion or a "
            "deletion, for which the scheme has no numbers"
        )
    return _LOCI[number.chain]


@cache
def _annotator(scheme: str, chains: str) -> Annotator:
    return Annotator(chains=[chains], scheme=scheme)
