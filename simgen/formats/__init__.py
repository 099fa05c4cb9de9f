"""Exporters: data sets in the formats of others, one format a module or a package."""

from simgen.formats.base import (
    Format as Format,
    Recorded as Recorded,
    Target as Target,
    find_formats as find_formats,
)
