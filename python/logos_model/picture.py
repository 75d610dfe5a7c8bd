"""Pictures: the loss over the steps of a run, and a grid of the molecules that a model drew."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from logos_model.samples import Sample

_NO_MATPLOTLIB = "matplotlib is not installed: pip install 'logos-grammar[model]'"
_COLUMNS = 6
_CELL = 220


def draw_loss(metrics: Sequence[dict[str, Any]], path: Path) -> str:
    """Draw the loss of each step, and of each validation, into the PNG file `path`.

    Parameters
    ----------
    metrics
        Records with "step" and "loss", or "step" and "validation_loss", in nats per token.
    path
        File to write.

    Returns
    -------
    str
        A sentence: where the picture is, or what to install for it.
    """
    if find_spec("matplotlib") is None:
        return f"no loss picture, {_NO_MATPLOTLIB}"
    from matplotlib.figure import Figure  # noqa: PLC0415 (an extra)

    figure = Figure(figsize=(7.0, 4.0), layout="constrained")
    axes = figure.add_subplot()
    for name, label, style in (("loss", "training", "-"), ("validation_loss", "held out", "o-")):
        points = [(record["step"], record[name]) for record in metrics if record.get(name)]
        if points:
            steps, losses = zip(*points, strict=True)
            axes.plot(steps, losses, style, label=label, linewidth=1.2, markersize=4)
    axes.set_xlabel("step")
    axes.set_ylabel("loss (nats per token)")
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=150)
    return f"loss picture: {path}"


def draw_kinds(metrics: Sequence[dict[str, Any]], path: Path) -> str:
    """Draw bits an object and illegal mass of each validation, by kind, into the PNG file `path`.

    Parameters
    ----------
    metrics
        Records with "step" and "kinds": of each kind "bits_per_object" and "illegal_mass".
    path
        File to write.

    Returns
    -------
    str
        A sentence: where the picture is, or why it was not drawn.
    """
    if find_spec("matplotlib") is None:
        return (
            "no picture of kinds, matplotlib is not installed: pip install 'logos-grammar[model]'"
        )
    validations = [record for record in metrics if record.get("kinds")]
    if not validations:
        return "no picture of kinds, nothing was validated"
    from matplotlib.figure import Figure  # noqa: PLC0415 (an extra)

    figure = Figure(figsize=(7.0, 6.0), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True)
    for kind in sorted({kind for record in validations for kind in record["kinds"]}):
        points = [(r["step"], r["kinds"][kind]) for r in validations if kind in r["kinds"]]
        steps = [step for step, _ in points]
        above.plot(steps, [one["bits_per_object"] for _, one in points], "o-", label=kind, ms=4)
        below.plot(steps, [one["illegal_mass"] for _, one in points], "o-", label=kind, ms=4)
    above.set_ylabel("held out, bits per object")
    below.set_ylabel("illegal mass per token")
    below.set_xlabel("step")
    for axes in (above, below):
        axes.set_yscale("log")
        axes.grid(visible=True, alpha=0.3)
    above.legend()
    figure.savefig(path, dpi=150)
    return f"picture of kinds: {path}"


def draw_molecules(samples: Sequence[Sample], path: Path, *, most: int = 36) -> str:
    """Draw the first molecules among `samples` that RDKit accepts into the PNG file `path`.

    A sentence of the grammar need not keep the rules of valence. A molecule that RDKit refuses for
    them is counted and left out: its drawing code does not hold for such molecules.

    Parameters
    ----------
    samples
        Samples of any kind; those that are molecules with a text are drawn.
    path
        File to write.
    most
        Molecules in the picture.

    Returns
    -------
    str
        A sentence: how many molecules RDKit accepts and where the picture is, or what is missing.
    """
    texts = [sample.text for sample in samples if sample.kind == "molecule" and sample.text]
    if not texts:
        return "no picture of molecules, no sample ended as one"
    if find_spec("rdkit") is None:
        return "no picture of molecules, rdkit is not installed: pip install 'logos-grammar[rdkit]'"
    from rdkit import Chem, rdBase  # noqa: PLC0415 (an extra)
    from rdkit.Chem.Draw import rdMolDraw2D  # noqa: PLC0415 (an extra)

    with rdBase.BlockLogs():
        read = [Chem.MolFromSmiles(text) for text in texts]
        accepted = [molecule for molecule in read if molecule is not None]
        if not accepted:
            return f"no picture of molecules, RDKit accepts none of {len(texts)}"
        drawn = accepted[:most]
        rows = -(-len(drawn) // _COLUMNS)
        drawing = rdMolDraw2D.MolDraw2DCairo(_COLUMNS * _CELL, rows * _CELL, _CELL, _CELL)
        options: Any = drawing.drawOptions()  # its stubs take no values
        options.drawMolsSameScale = False
        drawing.DrawMolecules(drawn)
        drawing.FinishDrawing()
    path.write_bytes(drawing.GetDrawingText())
    return f"RDKit accepts {len(accepted)} of {len(texts)} molecules; the first of them: {path}"
