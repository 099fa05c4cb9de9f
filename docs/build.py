"""Builds the documentation: the hand-written pages, and a reference made from the code.

Every page becomes HTML in docs/_build, beside the pictures. A relative link that leads nowhere is
an error, as is a picture without a text that says what it shows.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markdown_it import MarkdownIt

from simgen.core import Scenario, Table, describe
from simgen.metrics.base import find_metrics
from simgen.pipeline.catalogue import load_scenario, scenario_doc, scenario_names

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "_build"
PICTURES = ROOT / "docs" / "pictures"
_LINK = re.compile(r"\]\((decisions/)?([\w-]+)\.md")


def main() -> None:
    """Write every page, then check the links."""
    shutil.rmtree(TARGET, ignore_errors=True)  # pages that were taken away
    shutil.copytree(PICTURES, TARGET / PICTURES.name)
    template = Environment(loader=FileSystemLoader(ROOT / "docs"), autoescape=True).get_template(
        "page.html.jinja"
    )
    pages = {name: _LINK.sub(_to_page, text) for name, text in _pages()}
    titles = {name: text.split("\n", 1)[0].removeprefix("# ") for name, text in pages.items()}
    for name, text in pages.items():
        html = template.render(name=name, titles=titles, body=_rendered(text))
        (TARGET / f"{name}.html").write_text(html, encoding="utf-8")
    wrong = [f"{name}: {what}" for name, text in pages.items() for what in _wrong(text, pages)]
    if wrong:
        sys.exit("links that lead nowhere, or pictures without a text: " + ", ".join(wrong))
    print(TARGET / "index.html")


def _to_page(link: re.Match[str]) -> str:
    """A link between the files, as it stands between the pages."""
    folder, name = link.groups()
    return f"](decision-{name}.html" if folder else f"]({name.lower()}.html"


def _rendered(text: str) -> str:
    """HTML in which every heading can be linked to, and wide tables scroll by themselves."""
    markdown = MarkdownIt().enable("table")
    tokens = markdown.parse(text)
    titles = [words for heading, words in pairwise(tokens) if heading.type == "heading_open"]
    headings = (token for token in tokens if token.type == "heading_open")
    for heading, anchor in zip(headings, _anchors(words.content for words in titles), strict=True):
        heading.attrSet("id", anchor)
    html = str(markdown.renderer.render(tokens, markdown.options, {}))
    return html.replace("<table>", '<div class="table"><table>').replace(
        "</table>", "</table></div>"
    )


def _anchors(titles: Iterable[str]) -> Iterator[str]:
    """As GitHub makes them: letters, digits and hyphens, and a number where they come again."""
    n_before: Counter[str] = Counter()
    for title in titles:
        anchor = re.sub(r"[^\w-]", "", title.lower().replace(" ", "-"))
        yield f"{anchor}-{n_before[anchor]}" if n_before[anchor] else anchor
        n_before[anchor] += 1


def _pages() -> Iterator[tuple[str, str]]:
    """Name and Markdown of each page."""
    # The README stands one folder above the pages.
    yield "index", (ROOT / "README.md").read_text(encoding="utf-8").replace("](docs/", "](")
    yield "contributing", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    yield "changelog", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for name in scenario_names():
        yield f"scenario-{name.replace('/', '-')}", scenario_page(name)
    yield "metrics", metrics_page()
    for path in sorted((ROOT / "docs").glob("*.md")):
        yield path.stem, path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        yield f"decision-{path.stem}", path.read_text(encoding="utf-8")


def scenario_page(name: str) -> str:
    """What the scenario is, every parameter, every column."""
    scenario = load_scenario(name)
    tables = "\n\n".join(
        f"## Table `{t.name}`\n\n{t.doc}\n\n{_columns(t)}" for t in scenario.tables
    )
    return f"# {name}\n\n{scenario_doc(name)}\n\n{_parameters(scenario)}\n\n{tables}\n"


def metrics_page() -> str:
    """How to read each score."""
    rows = [
        (name, kind.title, kind.doc, f"{kind.range[0]:g} to {kind.range[1]:g}", f"{kind.ideal:g}")
        for name, kind in find_metrics().items()
    ]
    return "# Metrics\n\n" + _table(("name", "title", "what it is", "range", "ideal"), rows)


def _parameters(scenario: Scenario[object]) -> str:
    rows = [
        (f"`{p.name}`", f"`{p.value}`", p.type, p.unit, p.bounds, p.doc) for p in describe(scenario)
    ]
    return "## Parameters\n\n" + _table(
        ("name", "value", "type", "unit", "bounds", "meaning"), rows
    )


def _columns(table: Table) -> str:
    rows = [
        (f"`{f.name}`", "category" if f.categories else str(f.type), f.unit, f.role, f.doc)
        for f in table.fields
    ]
    return _table(("column", "type", "unit", "role", "meaning"), rows)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(escape(cell, quote=False).replace("|", "\\|") for cell in line) + " |"
        for line in lines
    )


def _wrong(text: str, pages: dict[str, str]) -> Iterator[str]:
    known = {*pages, *(f"{PICTURES.name}/{path.name}" for path in PICTURES.iterdir())}
    for link in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in link and link.removesuffix(".html") not in known:
            yield link
    yield from re.findall(r"!\[\]\(([^)]+)", text)


if __name__ == "__main__":
    main()
