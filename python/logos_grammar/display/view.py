"""Views: structures and conformers in three dimensions, on a page that needs nothing else."""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.resources import files

from logos_grammar.conformer import Conformer
from logos_grammar.display.scene import scene_of
from logos_grammar.structure import Structure

__all__ = ["frame", "view"]

_STYLE = """
html,body{margin:0;height:100%;overflow:hidden;font:13px/1.5 system-ui,sans-serif;
color-scheme:light dark;background:light-dark(#fff,#17181c);color:light-dark(#24262b,#e3e5e8)}
#view{position:absolute;inset:0;width:100%;height:100%;display:block;cursor:grab;touch-action:none}
#view:active{cursor:grabbing}
#label,#bar{position:absolute;left:12px;padding:0}
#label{top:10px;pointer-events:none;text-shadow:0 0 4px light-dark(#fff,#17181c)}
#bar{bottom:12px;display:flex;flex-wrap:wrap;gap:8px}
button{font:inherit;padding:3px 10px;border-radius:8px;cursor:pointer;color:inherit;
border:1px solid light-dark(#d7d9dd,#3a3d45);background:light-dark(#ffffffd9,#202228d9)}
button:hover{border-color:light-dark(#9aa1ab,#6b7078)}
"""


def view(obj: Structure | Conformer, *, title: str | None = None) -> str:
    """Show an object in three dimensions.

    Drag to turn, shift and drag to move, scroll to come near, double-click to begin again; the name
    of the atom under the pointer is written above.

    Parameters
    ----------
    obj
        A structure, of which the first model is drawn and of each atom the first location: ribbons
        of polymers, sticks of all else, and side chains at the press of a button. Or a conformer.
    title
        In plain text, for the head of the page.

    Returns
    -------
    str
        One HTML document with its script: it loads nothing, and works without a network.
    """
    named = type(obj).__name__ if title is None else title
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(named)}</title><style>{_STYLE}</style></head>\n"
        '<body><canvas id="view"></canvas><div id="label"></div><div id="bar"></div>\n'
        f"<script>const SCENE = {scene_of(obj).json()};\n{_script()}</script></body></html>\n"
    )


def frame(obj: Structure | Conformer, *, height: int = 420) -> str:
    """The same as a frame of another page, such as a notebook."""
    page = escape(view(obj), quote=True)
    return (
        f'<iframe srcdoc="{page}" sandbox="allow-scripts" style="width:100%;height:{height}px;'
        'border:0;border-radius:8px;margin:6px 0"></iframe>'
    )


@cache
def _script() -> str:
    """The script of the page; it has no byte sequence that would end it."""
    return files("logos_grammar.display").joinpath("viewer.js").read_text(encoding="utf-8")
