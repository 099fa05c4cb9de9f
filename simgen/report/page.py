"""What a report says, as plain data, and the HTML page and the Markdown made of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import jinja2
from markupsafe import Markup

# How far something is off: the page shows each with a word and a sign of its own, never by colour.
Level = Literal["close", "off", "far", "unknown"]

_WORDS: Mapping[Level, str] = {
    "close": "close",
    "off": "somewhat off",
    "far": "far off",
    "unknown": "not known",
}


# For a family of scores; privacy is not close to anything.
_GRADES: Mapping[Level, str] = {
    "close": "good",
    "off": "mixed",
    "far": "poor",
    "unknown": "not known",
}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """Drawings that stand in the page itself, side by side where there is room.

    Attributes:
        panels: each an SVG element.
        alt: what they show, in words and with numbers.
        caption: what they are.
    """

    panels: tuple[str, ...]
    alt: str
    caption: str


@dataclass(frozen=True, kw_only=True)
class ScoreRow:
    """One line of the table of scores; texts are ready to print.

    `position`, `low`, `high`, `ceiling` and `ideal` are places on the line's own scale in [0, 1].
    """

    title: str
    doc: str
    value: str
    interval: str
    ceiling_value: str
    direction: str
    level: Level
    position: float
    low: float
    high: float
    ideal: float
    ceiling: float | None = None
    parts: Sequence[tuple[str, str, str, Level]] = ()  # name, value, interval, level
    remarks: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class SliceRow:
    """Rows that were simulated too often or too seldom; texts are ready to print."""

    conditions: str
    real_share: str
    synthetic_share: str
    ratio: str
    interval: str


@dataclass(frozen=True, kw_only=True)
class FamilySummary:
    """One family of scores in plain words, for the first screen."""

    title: str
    question: str
    level: Level
    answer: str


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One family of scores of one sample, with its drawings.

    `slices` is None where slices are no part of the family; empty if none stands out.
    """

    title: str
    doc: str
    scores: Sequence[ScoreRow]
    figures: Sequence[Figure]
    slices: Sequence[SliceRow] | None = None


@dataclass(frozen=True, kw_only=True)
class Section:
    """All about one sample."""

    title: str
    doc: str
    rows: str
    chapters: Sequence[Chapter]
    undefined: Sequence[tuple[str, str]]  # metric, reason


@dataclass(frozen=True, kw_only=True)
class Page:
    """A whole report."""

    title: str
    subtitle: str
    headline: str
    level: Level
    families: Sequence[FamilySummary]
    uses: Sequence[str]  # what the data is good for
    warnings: Sequence[str]  # what not to do with it
    verdict: Sequence[tuple[Level, str]]
    facts: Sequence[tuple[str, str]]
    sections: Sequence[Section]
    difficulty: Sequence[tuple[str, str]]
    difficulty_text: str
    notes: Sequence[str]
    provenance: Mapping[str, Sequence[tuple[str, str]]]


def render(page: Page) -> str:
    """The page as HTML that needs nothing beside it: styles and figures stand in it."""
    return rendered("report.html", page=page, words=_WORDS, grades=_GRADES)


def render_markdown(page: Page) -> str:
    """Verdict, scores and worst slices as Markdown, to be read in a terminal or a pull request."""
    return rendered("report.md.jinja", page=page, words=_WORDS, grades=_GRADES)


def anchor(*titles: str) -> str:
    """The id of the heading with these titles, from the outermost in."""
    return re.sub(r"[^a-z0-9]+", "-", " ".join(titles).lower()).strip("-")


def rendered(template: str, **values: Any) -> str:
    """A template of ours with its values.

    Escapes in HTML, by the ending of the template's name; in Markdown the filter `cell` does.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("simgen.report", "templates"),
        autoescape=jinja2.select_autoescape(),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # The drawings are ours and were escaped when drawn.
    environment.filters |= {"drawing": Markup, "anchor": anchor, "cell": _cell}
    return environment.get_template(template).render(values)


def _cell(text: str) -> str:
    """The text so that Markdown takes none of it for a column, a tag or emphasis."""
    return re.sub(r"([|<>*_`\[\]\\])", r"\\\1", text).replace("\n", " ")
