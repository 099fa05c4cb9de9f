"""A data set in pictures, as plain data, and the HTML page made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simgen.report.page import Figure, rendered


@dataclass(frozen=True, kw_only=True)
class PortraitChapter:
    """One illustration: first what takes the whole width, then what stands side by side."""

    title: str
    doc: str
    wide: Sequence[Figure]
    narrow: Sequence[Figure]


@dataclass(frozen=True, kw_only=True)
class Portrait:
    """The whole page.

    Attributes:
        title: the scenarios.
        facts: what the data sets hold: name and number.
        chapters: illustrations, in order.
        provenance: of each data set, by name: how it was made.
    """

    title: str
    facts: Sequence[tuple[str, str]]
    chapters: Sequence[PortraitChapter]
    provenance: Mapping[str, str]


def render_portrait(portrait: Portrait) -> str:
    """The page as HTML that needs nothing beside it: styles and drawings stand in it."""
    return rendered("portrait.html", portrait=portrait)
