"""One self-contained HTML page, light or dark as the reader's system is."""

from __future__ import annotations

from html import escape

from logos_grammar.display.chips import MONOSPACE

_STYLE = f"""
:root{{color-scheme:light dark}}
body{{max-width:1040px;margin:40px auto;padding:0 20px;font:16px/1.6 system-ui,sans-serif;
color:light-dark(#24262b,#e3e5e8);background:light-dark(#fbfbfc,#17181b)}}
h1{{font-size:26px;margin:0 0 4px}}h1 code{{font-size:22px;overflow-wrap:anywhere}}
h2{{font-size:18px;margin:34px 0 4px}}
p{{margin:4px 0 10px}}.dim{{color:light-dark(#6b7078,#9aa1ab)}}
code,pre,td.code{{font:13px/1.6 {MONOSPACE}}}pre{{margin:6px 0;white-space:pre-wrap}}
.card{{background:#fff;color:#24262b;border:1px solid #d7d9dd;border-radius:10px;
padding:10px 14px;overflow-x:auto;margin:8px 0}}
table{{border-collapse:collapse;width:100%}}
td,th{{text-align:left;vertical-align:top;padding:5px 14px 5px 0;
border-bottom:1px solid light-dark(#e4e6e9,#303338)}}th{{font-weight:600}}
td.number,th.number{{text-align:right;font-variant-numeric:tabular-nums}}
.fault{{outline:2px solid #d43f3f;outline-offset:1px;border-radius:5px}}
a{{color:inherit}}
"""


def page(title: str, body: str, *, style: str = "") -> str:
    """A whole HTML document.

    Parameters
    ----------
    title
        In plain text; for the head only.
    body
        HTML.
    style
        More CSS than every page has.

    Returns
    -------
    str
        A document that needs nothing but itself: no script, no font, no link to elsewhere.
    """
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}{style}</style></head>\n"
        f"<body>{body}</body></html>\n"
    )
