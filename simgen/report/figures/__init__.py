"""Drawings of real beside synthetic data: SVG that takes its colours from the page."""

from simgen.report.figures.columns import (
    categories as categories,
    distribution as distribution,
)
from simgen.report.figures.histories import (
    frequencies as frequencies,
    gaps as gaps,
    lags as lags,
    spectra as spectra,
)
from simgen.report.figures.models import calibration as calibration, curves as curves
from simgen.report.figures.pairs import correlations as correlations, tables as tables
from simgen.report.figures.sides import Line as Line, Side as Side
