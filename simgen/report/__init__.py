"""Figures and HTML."""

from simgen.report.page import (
    Figure as Figure,
    Page as Page,
    ScoreRow as ScoreRow,
    Section as Section,
    render as render,
)
