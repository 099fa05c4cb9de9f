"""Learned corrections toward real data: base, identity, one model per file."""

from simgen.residual.base import (
    Correction as Correction,
    FittedResidual as FittedResidual,
    Residual as Residual,
    find_residuals as find_residuals,
)
from simgen.residual.folder import load_residual as load_residual, save_residual as save_residual
from simgen.residual.rows import Rows as Rows
from simgen.residual.shape import Column as Column, Shape as Shape
