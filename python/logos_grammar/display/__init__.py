"""Shows objects in notebooks: the drawn molecule, and its tokens coloured by block."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from logos_grammar.codec import encode
from logos_grammar.conformer import Conformer
from logos_grammar.display.chips import chips
from logos_grammar.display.outline import outline, summary
from logos_grammar.display.outline.writing import outline_html
from logos_grammar.display.view import frame
from logos_grammar.grammar.explanation import explain
from logos_grammar.molecule import Molecule
from logos_grammar.object_types import ScientificObject
from logos_grammar.reaction import Reaction
from logos_grammar.structure import Structure

MANY = 400
"""How many tokens a notebook shows before it counts the rest."""

OUTLINED = 20_000
"""How many tokens of a structure or conformer a notebook shows by residues or poses, the first two
of each; of longer ones the first :data:`MANY` in a row."""

LARGE = 300
"""How many atoms are drawn at most: with many more, RDKit's layout takes minutes."""

HUGE = 30_000
"""How many atoms a view has at most: the page holds all of them."""

TANGLED = 400
"""How many bonds are drawn at most, for the same reason."""

_CARD = (
    "display:inline-block;max-width:100%;box-sizing:border-box;padding:12px 14px;"
    "border:1px solid #d7d9dd;border-radius:10px;background:#fff;color:#24262b;"
    "font:13px/1.5 system-ui,sans-serif"
)
_DIM = "color:#6b7078"
_SIGN = "color:#6b7078;font-size:20px"


def html(obj: ScientificObject) -> str:
    """Show an object as HTML, for ``_repr_html_``.

    Parameters
    ----------
    obj
        Any object that ``encode`` takes.

    Returns
    -------
    str
        One ``div`` that brings its own style: what the object is, its drawing when it is made of
        molecules and RDKit is installed (a sentence that says what to install when it is not),
        and its first :data:`MANY` tokens, each with its id, rule and gloss in its title. Those of
        structures and conformers are in lines, by residues and poses.

    Raises
    ------
    GrammarError
        When the object breaks a condition of its grammar, so that it has no tokens.
    """
    ids = encode(obj)
    noun = type(obj).__name__
    said = "; ".join(filter(None, [summary(obj), f"{len(ids):,} tokens"]))
    return (
        f'<div style="{_CARD}"><div><b>{escape(noun)}</b> '
        f'<span style="{_DIM}">{escape(said)}</span></div>'
        f"{drawing(obj)}{_tokens(obj, ids)}</div>"
    )


def _tokens(obj: ScientificObject, ids: NDArray[np.uint16]) -> str:
    """The tokens of an object as chips, line by line where it is long and not too long for that."""
    if isinstance(obj, Structure | Conformer) and len(ids) <= OUTLINED:
        lines = outline(obj, explain(ids), most=2)
        assert lines is not None, "structures and conformers have outlines"
        return outline_html(lines)
    explanation = explain(ids[:MANY])
    more = len(ids) - len(explanation.tokens)
    rest = f' <span style="{_DIM}">… and {more:,} more</span>' if more else ""
    return f"{chips(explanation.tokens)}{rest}"


def drawing(obj: object) -> str:
    """Draw a molecule, a reaction, a structure or a conformer, as HTML.

    Parameters
    ----------
    obj
        Any object.

    Returns
    -------
    str
        An inline SVG for each molecule, a frame with a view of a structure or a conformer of up to
        :data:`HUGE` atoms; a sentence when RDKit is missing or refuses it, or when
        the object has more than :data:`LARGE` atoms or :data:`TANGLED` bonds in all; nothing when
        it is made of none of these.
    """
    if isinstance(obj, Structure | Conformer):
        return _view(obj)
    if isinstance(obj, Molecule):
        return _row(_excess([obj]) or _molecules([obj]))
    if not isinstance(obj, Reaction):
        return ""
    excess = _excess([*obj.reactants, *obj.agents, *obj.products])
    if excess:
        return _row(excess)
    reactants, agents, products = map(_molecules, (obj.reactants, obj.agents, obj.products))
    if obj.direction == "retro":
        return _row(f"{products}{_arrow(agents, '⇒')}{reactants}")
    return _row(f"{reactants}{_arrow(agents, '⟶')}{products}")


def _view(obj: Structure | Conformer) -> str:
    points = len(obj.atoms) if isinstance(obj, Structure) else len(obj.x)
    if points > HUGE:
        return _row(_sentence(f"not drawn: {points:,} atoms, and at most {HUGE:,} are drawn"))
    return frame(obj) if points else ""


def _excess(molecules: Sequence[Molecule]) -> str:
    """What there is too much of to be drawn, in a sentence; nothing when all can be drawn."""
    atoms = sum(len(molecule) for molecule in molecules)
    bonds = sum(len(molecule.begin) for molecule in molecules)
    for number, most, noun in ((atoms, LARGE, "atoms"), (bonds, TANGLED, "bonds")):
        if number > most:
            return _sentence(f"not drawn: {number:,} {noun}, and at most {most:,} are drawn")
    return ""


def _molecules(molecules: Iterable[Molecule]) -> str:
    """Molecules side by side, with a plus between them."""
    return f'<span style="{_SIGN}">+</span>'.join(map(_molecule, molecules))


def _molecule(molecule: Molecule) -> str:
    if find_spec("rdkit") is None:
        return _sentence("not drawn: RDKit is missing; pip install 'logos-grammar[rdkit]'")
    from logos_grammar.display.rdkit import draw_molecule  # noqa: PLC0415 (it is optional)

    smiles = molecule.to_smiles()
    svg = draw_molecule(smiles)
    return _sentence(f"{smiles} is not drawn: RDKit refuses it") if svg is None else svg


def _arrow(agents: str, sign: str) -> str:
    """An arrow, with the agents small above it."""
    above = f'<span style="display:flex;align-items:center;zoom:0.6">{agents}</span>'
    return (
        f'<span style="display:flex;flex-direction:column;align-items:center">'
        f'{above}<span style="{_SIGN};font-size:30px;line-height:1">{sign}</span></span>'
    )


def _row(cells: str) -> str:
    return (
        '<div style="display:flex;flex-wrap:wrap;align-items:center;gap:10px;margin:6px 0">'
        f"{cells}</div>"
    )


def _sentence(text: str) -> str:
    return f'<span style="{_DIM}">{escape(text)}</span>'
