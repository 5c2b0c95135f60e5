"""A page as blocks, and its two forms: Markdown and HTML. HTML stands alone: no script, nothing fetched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text; `code` as written by machines, `href` where it leads."""

    text: str
    code: bool = False
    href: str = ""


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    level: Literal[1, 2, 3, 4]
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    line: Line


@dataclass(frozen=True, slots=True)
class Bullets:
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    headings: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Code:
    text: str


Block = Heading | Paragraph | Bullets | Table | Code


def line(*parts: str | Span) -> Line:
    return tuple(Span(part) if isinstance(part, str) else part for part in parts if part)


def markdown(blocks: Iterable[Block]) -> str:
    """GitHub-flavoured Markdown."""
    return "\n\n".join(_markdown(block) for block in blocks) + "\n"


def _markdown(block: Block) -> str:
    match block:
        case Heading(level, text, anchor):
            return f'<a id="{anchor}"></a>\n\n{"#" * level} {_md(text)}'
        case Paragraph(spans):
            return _md_line(spans)
        case Bullets(lines):
            return "\n".join(f"- {_md_line(one)}" for one in lines)
        case Table(headings, rows):
            head = [f"| {' | '.join(headings)} |", f"|{'---|' * len(headings)}"]
            return "\n".join([*head, *(f"| {' | '.join(_md_line(cell) for cell in row)} |" for row in rows)])
        case Code(text):
            return f"```json\n{text}\n```"


def _md_line(spans: Line) -> str:
    return "".join(_md_span(span) for span in spans)


def _md_span(span: Span) -> str:
    # A pipe ends a cell even within backticks.
    text = f"`{span.text}`".replace("|", "\\|") if span.code else _md(span.text)
    return f"[{text}]({span.href})" if span.href else text


def _md(text: str) -> str:
    for sign in "\\*_[]<>|`#":
        text = text.replace(sign, f"\\{sign}")
    return text


_STYLE: Final = """
:root { --ink: #1c2430; --dim: #5b6675; --line: #d9dfe6; --tint: #f5f7f9; --link: #0b5cad; }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; color: var(--ink); font: 15px/1.65 "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC",
  "PingFang SC", "Microsoft YaHei", system-ui, sans-serif; display: grid; grid-template-columns: 17rem minmax(0, 1fr); }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.25rem; border-right: 1px solid var(--line);
  background: var(--tint); font-size: 13.5px; }
nav a { display: block; padding: .12rem 0; color: inherit; text-decoration: none; }
nav a.level3 { padding-left: .9rem; color: var(--dim); }
nav a.lang { margin-bottom: .8rem; color: var(--link); }
main { padding: 1.5rem 2.5rem 4rem; max-width: 76rem; }
h1 { font-size: 1.7rem; } h2 { margin-top: 2.8rem; border-bottom: 2px solid var(--ink); padding-bottom: .2rem; }
h3 { margin-top: 2.2rem; } h4 { margin: 1.6rem 0 .4rem; }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
code { font: .92em/1.4 ui-monospace, "SF Mono", Consolas, "DejaVu Sans Mono", monospace; background: var(--tint);
  padding: .05em .3em; border-radius: 3px; }
li code, td:nth-child(3) code { overflow-wrap: anywhere; }
pre { background: var(--tint); border: 1px solid var(--line); padding: .8rem 1rem; overflow-x: auto; border-radius: 4px; }
pre code { padding: 0; background: none; overflow-wrap: normal; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; vertical-align: top; padding: .38rem .6rem; border-bottom: 1px solid var(--line); }
th { background: var(--tint); white-space: nowrap; } td:first-child { white-space: nowrap; }
td:nth-child(2) { min-width: 6.5rem; }
@media (max-width: 60rem) { body { display: block; } nav { position: static; height: auto; } main { padding: 1rem; } }
@media print { body { display: block; } nav { display: none; } }
"""


def html(blocks: Sequence[Block], *, lang: str, other: tuple[str, str]) -> str:
    """A whole page. `other`: the address of the page in the other language, and what to call it."""
    headings = [block for block in blocks if isinstance(block, Heading)]
    title = escape(headings[0].text)
    index = "\n".join(
        f'<a class="level{one.level}" href="#{one.anchor}">{escape(one.text)}</a>'
        for one in headings
        if one.level in {2, 3}
    )
    body = "\n".join(_html(block) for block in blocks)
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<nav>\n<a class="lang" href="{other[0]}">{escape(other[1])}</a>\n{index}\n</nav>\n'
        f"<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _html(block: Block) -> str:
    match block:
        case Heading(level, text, anchor):
            return f'<h{level} id="{anchor}">{escape(text)}</h{level}>'
        case Paragraph(spans):
            return f"<p>{_html_line(spans)}</p>"
        case Bullets(lines):
            return "<ul>" + "".join(f"<li>{_html_line(one)}</li>" for one in lines) + "</ul>"
        case Table(headings, rows):
            head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
            body = "\n".join(f"<tr>{''.join(f'<td>{_html_line(cell)}</td>' for cell in row)}</tr>" for row in rows)
            return (
                f'<div class="scroll"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>'
            )
        case Code(text):
            return f"<pre><code>{escape(text)}</code></pre>"


def _html_line(spans: Line) -> str:
    return "".join(_html_span(span) for span in spans)


def _html_span(span: Span) -> str:
    text = f"<code>{escape(span.text)}</code>" if span.code else escape(span.text)
    return f'<a href="{escape(span.href)}">{text}</a>' if span.href else text
