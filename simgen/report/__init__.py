"""Figures and HTML."""

from simgen.report.page import (
    Chapter as Chapter,
    FamilySummary as FamilySummary,
    Figure as Figure,
    Level as Level,
    Page as Page,
    ScoreRow as ScoreRow,
    Section as Section,
    SliceRow as SliceRow,
    render as render,
    render_markdown as render_markdown,
)
