"""Pillow, which comes with an extra."""

from __future__ import annotations

from types import ModuleType

from simgen.core import RequestError


def pillow() -> ModuleType:
    """`PIL.Image`; RequestError if Pillow is not installed."""
    try:
        from PIL import Image  # noqa: PLC0415 - of the extra `av`: sensors work without it
    except ImportError:
        raise RequestError("pictures need Pillow: pip install 'simgen[av]'") from None
    return Image
