"""What a fit of parameters says, as plain data, and the HTML page and the card made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simgen.report.page import Figure, Level, rendered


@dataclass(frozen=True, kw_only=True)
class ParameterRow:
    """One parameter; texts are ready to print."""

    name: str
    doc: str
    unit: str
    plausible: str
    before: str
    fitted: str
    interval: str
    narrowing: str
    level: Level
    verdict: str


@dataclass(frozen=True, kw_only=True)
class SummaryRow:
    """One summary of the real rows beside the runs; texts are ready to print."""

    name: str
    real: str
    before: str
    after: str
    miss_before: str
    miss_after: str
    level: Level


@dataclass(frozen=True, kw_only=True)
class FitPage:
    """The whole page."""

    title: str
    level: Level
    headline: str
    warnings: Sequence[str]
    facts: Sequence[tuple[str, str]]
    parameters: Sequence[ParameterRow]
    posteriors: Sequence[Figure]
    summaries: Sequence[SummaryRow]
    misses: Figure
    use: str  # the command that runs the fitted scenario
    notes: Sequence[str]
    provenance: Mapping[str, str]


def render_fit(page: FitPage) -> str:
    """The page as HTML that needs nothing beside it."""
    return rendered("fit.html", page=page)


def render_fit_card(page: FitPage) -> str:
    """What was fitted, how far it can be trusted and how to use it, as Markdown."""
    return rendered("fit.md.jinja", page=page)
