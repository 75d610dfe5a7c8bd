"""`python -m logos_grammar explain TEXT`: the tokens of an object, what they mean and where."""

from __future__ import annotations

import argparse
import json
import sys
from html import escape
from pathlib import Path

from logos_grammar.commands.outputs import written
from logos_grammar.display import drawing
from logos_grammar.display.chips import chips, ribbon
from logos_grammar.display.outline import MOST, Line, outline, summary
from logos_grammar.display.outline.writing import outline_html, outline_text
from logos_grammar.display.page import page
from logos_grammar.display.terminal import Ink, ink_for, pointed
from logos_grammar.formats.any_text import KINDS, Reading, Unreadable, read
from logos_grammar.grammar.explanation import Explained, Explanation
from logos_grammar.kinds import FORMS
from logos_grammar.vocabulary import vocabulary

_VIEW = (
    "div.view{border:1px solid light-dark(#d7d9dd,#303338);border-radius:10px;overflow:hidden;"
    "margin:8px 0 16px}div.view>iframe{display:block;margin:0!important}"
)
"""What a page with a view has of CSS beside its own."""

_LONGEST = 60
"""How much of a text is above the lines of a structure, which may be token names."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand and what it takes."""
    parser = subparsers.add_parser(
        "explain",
        help="show the tokens of an object, their rules and meanings",
        description="Show the tokens of an object, aligned with its text: id, block, rule, gloss.",
    )
    parser.add_argument(
        "text",
        help="SMILES, reaction SMILES, a sequence, a LOGOS text, token names or ids; or a file of "
        "PDB, mmCIF or SDF, by its ending",
    )
    parser.add_argument("--kind", type=_kind, choices=("auto", *KINDS), default="auto")
    parser.add_argument(
        "--record", type=int, default=1, metavar="N", help="which object of a file, from 1"
    )
    parser.add_argument(
        "--most",
        type=_count,
        default=MOST,
        metavar="N",
        help="how many models, strands of each, residues of each strand and poses of a structure "
        f"or conformer are shown (default {MOST}); the rest are counted; 0 shows all",
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--no-color", action="store_true", help="plain text")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="write a picture of the tokens")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page")


def run(args: argparse.Namespace) -> int:
    """Explain a text; return 1 when it cannot be read, after saying where and why.

    2 when a file cannot be written.
    """
    try:
        reading = read(args.text, args.kind, record=args.record)
    except Unreadable as error:
        if args.json:
            print(json.dumps({"text": args.text, "error": error.record()}))
        else:
            ink = ink_for(sys.stderr, colours=not args.no_color)
            print(_complaint(error, ink, guessed=args.kind == "auto"), file=sys.stderr)
        return 1
    if args.svg is not None:
        picture = _picture(reading, args.most)
        if not written("explain", args.svg, picture):
            return 2
    if args.html is not None and not written(
        "explain", args.html, explanation_html(reading, most=args.most)
    ):
        return 2
    files = [file for file in (args.svg, args.html) if file is not None]
    if args.json:
        print(json.dumps(_record(reading), ensure_ascii=False, indent=2))
    elif files:
        print("\n".join(f"wrote {file}" for file in files))
    else:
        ink = ink_for(sys.stdout, colours=not args.no_color)
        print(explanation_text(reading, ink, most=args.most))
    return 0


def _picture(reading: Reading, most: int) -> str:
    """The tokens as SVG; of a structure or conformer those that are shown, too."""
    title = reading.text if len(reading.text) <= 80 else f"{reading.text[:79]}…"
    tokens = reading.explanation.tokens
    outlined = outline(reading.object, reading.explanation, most=most)
    if outlined is not None:
        tokens = tuple(token for line in outlined for token in line.tokens)
    if len(tokens) < len(reading.explanation.tokens):
        title += f" ({len(tokens):,} of {len(reading.explanation.tokens):,} tokens)"
    return ribbon(tokens, title=title) + "\n"


def _kind(text: str) -> str:
    """A kind as it was typed; one whose forms have the text says which these are."""
    forms = [form for form in KINDS if FORMS.get(form) == text]
    if forms:
        raise argparse.ArgumentTypeError(f"{text} has no text of its own: say {' or '.join(forms)}")
    return text


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a number from 0, not {text!r}")
    return int(text)


def explanation_text(reading: Reading, ink: Ink, *, most: int = MOST) -> str:
    """An explanation for a terminal: the text in colour, then a line for each token.

    That of a structure or conformer has a line for each atom, with its tokens in colour.
    """
    outlined = outline(reading.object, reading.explanation, most=most)
    if outlined is not None:
        return _outlined(reading, outlined, ink)
    tokens = reading.explanation.tokens
    noun = reading.noun()
    lines = []
    if reading.others:
        others = ", ".join(f"--kind {kind}" for kind in reading.others)
        lines.append(ink.dim(f"read as {reading.kind}, a guess; otherwise say {others}"))
    lines.append(f"{ink.bold(noun)}  {_coloured_text(reading.explanation, ink)}")
    margin = " " * (len(noun) + 2)
    if reading.explanation.text != reading.text:
        lines.append(f"{margin}{ink.dim('read from')}  {reading.text}")
    lines.append(f"{margin}{ink.dim(f'{len(tokens)} tokens')}")
    table: list[tuple[str, ...]] = [("at", "text", "token", "id", "block", "rule", "meaning")]
    table += [_cells(token) for token in tokens]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines += ["", ink.dim(_line(table[0], widths))]
    for token, cells in zip(tokens, table[1:], strict=True):
        lines.append(_line(cells, widths, ink, token.block))
    return "\n".join(lines)


def _outlined(reading: Reading, lines: list[Line], ink: Ink) -> str:
    noun = reading.noun()
    margin = " " * (len(noun) + 2)
    text = reading.text if len(reading.text) <= _LONGEST else f"{reading.text[:_LONGEST]}…"
    counted = f"{summary(reading.object)}; {len(reading.explanation.tokens):,} tokens"
    head = [f"{ink.bold(noun)}  {text}", f"{margin}{ink.dim(counted)}", ""]
    return "\n".join([*head, outline_text(lines, ink)])


def explanation_html(reading: Reading, *, most: int = MOST) -> str:
    """An explanation as a page: the drawing, the tokens, and a table of them."""
    outlined = outline(reading.object, reading.explanation, most=most)
    if outlined is not None:
        return _page_of_outline(reading, outlined)
    tokens = reading.explanation.tokens
    head = ("at", "token", "id", "block", "rule", "meaning")
    rows = "".join(
        "<tr>"
        f'<td class="number dim">{"" if token.start is None else token.start}</td>'
        f'<td>{chips([token])}</td><td class="number">{token.id}</td><td>{token.block}</td>'
        f'<td title="{escape(" › ".join(token.rules))}">{token.rule}</td>'
        f"<td>{escape(token.gloss)}</td></tr>"
        for token in tokens
    )
    picture = drawing(reading.object)
    card = f'<div class="card">{picture}</div>' if picture else ""
    titles = "".join(
        f"<th{' class=number' * (title in ('at', 'id'))}>{title}</th>" for title in head
    )
    return page(
        f"{reading.text} · explained",
        f"<h1><code>{escape(reading.text)}</code></h1>"
        f'<p class="dim">{reading.noun()}, {len(tokens)} tokens</p>{card}'
        f'<div class="card">{chips(tokens)}</div>'
        f"<table><tr>{titles}</tr>{rows}</table>",
    )


def _page_of_outline(reading: Reading, lines: list[Line]) -> str:
    text = reading.text if len(reading.text) <= _LONGEST else f"{reading.text[:_LONGEST]}…"
    picture = drawing(reading.object)
    card = f'<div class="view">{picture}</div>' if picture else ""
    counted = f"{summary(reading.object)}; {len(reading.explanation.tokens):,} tokens"
    return page(
        f"{text} · explained",
        f"<h1><code>{escape(text)}</code></h1>"
        f'<p class="dim">{reading.noun()}: {escape(counted)}</p>{card}{outline_html(lines)}',
        style=_VIEW,
    )


def _coloured_text(explanation: Explanation, ink: Ink) -> str:
    """The text with each glyph in the colour of its token."""
    shown, at = [], 0
    for token in explanation.tokens:
        if token.start is None:
            continue
        shown += [explanation.text[at : token.start], ink.block(token.glyph, token.block)]
        at = token.start + len(token.glyph)
    return "".join([*shown, explanation.text[at:]])


def _cells(token: Explained) -> tuple[str, ...]:
    at = "" if token.start is None else str(token.start)
    return (at, token.glyph, token.name, str(token.id), token.block, token.rule, token.gloss)


def _line(
    cells: tuple[str, ...], widths: list[int], ink: Ink | None = None, block: str = ""
) -> str:
    """One line of the table; positions and ids are aligned to the right."""
    padded = [
        f"{cell:>{width}}" if column in (0, 3) else f"{cell:<{width}}"
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    if ink is not None:
        padded[0] = ink.dim(padded[0])
        padded[1:3] = [ink.block(cell, block) for cell in padded[1:3]]
        padded[4:6] = [ink.dim(cell) for cell in padded[4:6]]
    return "  ".join(padded).rstrip()


def _complaint(error: Unreadable, ink: Ink, *, guessed: bool) -> str:
    """What is wrong, with a caret under the character at fault."""
    lines = [f"{ink.fault('error:')} {error}", pointed(error.text, error.position, ink)]
    if guessed and error.others:
        others = ", ".join(f"--kind {kind}" for kind in error.others)
        lines.append(ink.dim(f"read as {error.kind}, a guess; otherwise say {others}"))
    return "\n".join(lines)


def _record(reading: Reading) -> dict[str, object]:
    return {
        "kind": reading.kind,
        "others": reading.others,
        "object": reading.noun(),
        "text": reading.text,
        "written": reading.explanation.text,
        "fingerprint": vocabulary.fingerprint,
        "tokens": [
            {
                "id": token.id,
                "token": token.name,
                "text": token.glyph,
                "start": token.start,
                "block": token.block,
                "rule": token.rule,
                "rules": token.rules,
                "gloss": token.gloss,
            }
            for token in reading.explanation.tokens
        ],
    }
