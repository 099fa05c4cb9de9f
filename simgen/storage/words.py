"""Words of a command line, as Hydra reads them back."""

from __future__ import annotations

import json
import re
from typing import Any

_PLAIN = re.compile(r"(?!(?:null|true|false|nan|inf)$)[a-z_/][\w/:.@+-]*", re.ASCII | re.IGNORECASE)


def assigned(name: str, value: Any) -> str:
    """`name=value`; a text is quoted where Hydra would read anything else from it."""
    if not isinstance(value, str):
        return f"{name}={json.dumps(value)}"
    if not value or _PLAIN.fullmatch(value):
        return f"{name}={value}"
    # Backslashes stand for themselves but before a quote.
    escaped = re.sub(r"(\\+)\Z", r"\1\1", re.sub(r'(\\*)"', r'\1\1\\"', value))
    return f'{name}="{escaped}"'
