"""What a report says, as plain data, and the one HTML page made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import jinja2
from markupsafe import Markup

# How far something is off: the page shows each with a word and a sign of its own, never by colour.
Level = Literal["close", "off", "far", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A drawing that stands in the page itself; `alt` says in words what it shows."""

    svg: str
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
    family: str = ""  # the heading it stands under
    ceiling: float | None = None
    parts: Sequence[tuple[str, str, str, Level]] = ()  # name, value, interval, level
    remarks: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Section:
    """All about one sample."""

    title: str
    doc: str
    rows: str
    scores: Sequence[ScoreRow]
    undefined: Sequence[tuple[str, str]]  # metric, reason
    figures: Sequence[Figure]


@dataclass(frozen=True, kw_only=True)
class Page:
    """A whole report."""

    title: str
    subtitle: str
    headline: str
    level: Level
    verdict: Sequence[tuple[Level, str]]
    facts: Sequence[tuple[str, str]]
    sections: Sequence[Section]
    difficulty: Sequence[tuple[str, str]]
    difficulty_text: str
    notes: Sequence[str]
    provenance: Mapping[str, Sequence[tuple[str, str]]]


def render(page: Page) -> str:
    """The page as HTML that needs nothing beside it: styles and figures stand in it."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("simgen.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # The drawings are ours and were escaped when drawn.
    environment.filters["drawing"] = Markup
    return environment.get_template("report.html").render(page=page)
