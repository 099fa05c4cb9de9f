"""A data set in pictures, as plain data, and the HTML page made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import jinja2
from markupsafe import Markup

from simgen.report.page import Figure


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
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("simgen.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    # The drawings are ours and were escaped when drawn.
    environment.filters["drawing"] = Markup
    return environment.get_template("portrait.html").render(portrait=portrait)
