"""Shows the rules of a kind: railroad pictures, conditions and examples."""

from __future__ import annotations

import re
from html import escape

from logos_grammar.display.chips import MONOSPACE, chips
from logos_grammar.display.page import page
from logos_grammar.display.railroad import STYLE, railroad
from logos_grammar.grammar.explanation import explain_freely
from logos_grammar.grammar.notation import Accepted, Refused, Rule, names_of
from logos_grammar.grammar.spec import spec


def own_rules(kind: str) -> tuple[Rule, ...]:
    """The rules of a kind on the page of its type, in their order."""
    return spec().page(kind).rules


def borrowed_rules(kind: str) -> tuple[Rule, ...]:
    """The rules of other pages that the rules of this one need, as they come up."""
    own = own_rules(kind)
    seen = {rule.name: rule for rule in own}
    waiting = list(own)
    while waiting:
        for name in names_of(waiting.pop(0).body):
            rule = spec().rules.get(name)
            if rule is not None and name not in seen:
                seen[name] = rule
                waiting.append(rule)
    return tuple(seen.values())[len(own) :]


def rules_svg(kind: str) -> str:
    """The railroad pictures of a kind's own rules, one below the other, as one SVG."""
    parts: list[str] = []
    y, widest = 12.0, 0.0
    for rule in own_rules(kind):
        picture = railroad(rule)
        width, height = map(float, re.findall(r'(?:width|height)="(\d+)"', picture)[:2])
        name = (
            f'<text x="16" y="{y + 18:.0f}" style="font:600 14px {MONOSPACE};text-anchor:start">'
            f"{escape(rule.name)}</text>"
        )
        parts.append(name + picture.replace("<svg ", f'<svg x="0" y="{y + 22:.0f}" ', 1))
        y, widest = y + height + 36, max(widest, width)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="railroad" width="{widest + 12:.0f}" '
        f'height="{y:.0f}" viewBox="0 0 {widest + 12:.0f} {y:.0f}"><style>{STYLE}</style>'
        f'<rect width="100%" height="100%" rx="10" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


def rules_html(kind: str) -> str:
    """A page about a kind: its rules, those they need, and the examples of the spec."""
    own, borrowed = own_rules(kind), borrowed_rules(kind)
    links = frozenset(rule.name for rule in (*own, *borrowed))
    body = [f"<h1>{escape(kind)}</h1><p>{escape(own[0].comment)}</p>"]
    body += [_rule(rule, links, comment=rule is not own[0]) for rule in own]
    body.append(_examples(kind))
    if borrowed:
        body.append('<h1 style="margin-top:48px">Rules from other pages</h1>')
        body += [_rule(rule, links) for rule in borrowed]
    return page(f"{kind} · the grammar of Logos", "".join(body), style=STYLE)


def _rule(rule: Rule, links: frozenset[str], *, comment: bool = True) -> str:
    prose = f'<p class="dim">{escape(rule.comment)}</p>' if comment and rule.comment else ""
    conditions = "".join(f"<pre>where: {escape(each)}</pre>" for each in rule.conditions)
    return (
        f'<h2 id="{rule.name}">{escape(rule.name)}</h2>{prose}'
        f'<div class="card">{railroad(rule, links=links)}</div>'
        f"<pre>{escape(rule.text)}</pre>{conditions}"
    )


def _examples(kind: str) -> str:
    of_spec = spec().page(kind)
    rows = "".join(map(_accepted, of_spec.accepted)), "".join(map(_refused, of_spec.refused))
    titles = ("Sentences", "What is refused, and the first token that cannot be there")
    return "".join(
        f"<h2>{title}</h2><table>{row}</table>"
        for title, row in zip(titles, rows, strict=True)
        if row
    )


def _accepted(example: Accepted) -> str:
    tokens = chips(explain_freely(example.ids))
    return f'<tr><td class="code">{escape(example.meaning)}</td><td>{tokens}</td></tr>'


def _refused(example: Refused) -> str:
    tokens = explain_freely(example.ids)
    at = example.position
    fault = (
        f'<span class="fault">{chips(tokens[at : at + 1])}</span>'
        if at < len(tokens)
        else '<span class="fault">&nbsp;cut short&nbsp;</span>'
    )
    rule = "expected" if example.reason == "expected" else f"where: {example.reason}"
    brief = rule if len(rule) <= 64 else f"{rule[:63]}…"
    return (
        f'<tr><td style="width:42%">{escape(example.why or "not allowed there")}<br>'
        f'<code class="dim" title="{escape(rule)}">{escape(brief)}</code></td>'
        f"<td>{chips(tokens[:at])} {fault} {chips(tokens[at + 1 :])}</td></tr>"
    )
