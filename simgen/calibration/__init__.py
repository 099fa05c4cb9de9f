"""Fitting a simulator's free parameters to summaries of real data: arrays in, arrays out."""

from simgen.calibration.checks import (
    Oddness as Oddness,
    Reproduction as Reproduction,
    narrowing as narrowing,
    oddness as oddness,
    reproduction as reproduction,
)
from simgen.calibration.inference import Posterior as Posterior, infer as infer
from simgen.calibration.prior import Prior as Prior
from simgen.calibration.rounds import Fit as Fit, Simulate as Simulate, fit as fit
