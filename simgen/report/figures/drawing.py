"""Panels in one style, and how they become SVG."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

# Okabe and Ito's blue and vermilion, told apart with any colour vision; the page may replace them.
REAL, SYNTHETIC, INK, LINE = "#0072b2", "#d55e00", "#333333", "#cccccc"
DASHES = {REAL: "-", SYNTHETIC: "--"}  # told apart without colour too
_VARIABLES = {
    REAL: "var(--real)",
    SYNTHETIC: "var(--synthetic)",
    INK: "currentColor",
    LINE: "var(--line)",
}
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",  # text stays text: small, searchable, in the page's font
    "svg.hashsalt": "simgen",  # same data, same bytes
    "font.size": 9.0,
    "font.family": "sans-serif",
    "axes.edgecolor": LINE,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.titlesize": 10.0,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
}
WIDE, HIGH = 3.6, 2.6  # [inch] of a panel: legible at 320 pixels


class Panel:
    """One drawing while it is made; `svg` is there once it is done."""

    def __init__(self, drawing: Drawing, axes: Axes) -> None:
        self.axes = axes
        self._drawing = drawing

    @property
    def svg(self) -> str:
        """The drawing as an SVG element; the same data gives the same bytes."""
        text = io.StringIO()
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        with mpl.rc_context(_STYLE):
            self._drawing.savefig(text, format="svg", metadata=nothing)
        svg = text.getvalue()
        svg = svg[svg.index("<svg") :]
        svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", svg, count=1)
        svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
        # Names of groups repeat from drawing to drawing, and an id may stand once in a page.
        svg = re.sub(r'<g id="[^"]*"', "<g", svg)
        for colour, variable in _VARIABLES.items():
            svg = svg.replace(colour, variable)
        return svg


@contextmanager
def panel(title: str, *, width: float = WIDE, height: float = HIGH) -> Iterator[Panel]:
    """An empty panel [inch] in our style."""
    with mpl.rc_context(_STYLE):
        drawing = Drawing(figsize=(width, height), layout="constrained")
        drawing.patch.set_alpha(0.0)
        axes = drawing.subplots()
        axes.patch.set_alpha(0.0)
        axes.set_title(title, wrap=True)
        yield Panel(drawing, axes)
