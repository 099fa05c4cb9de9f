"""What a reader says of an export: what holds, what is wrong, what there was nothing to tell by."""

from __future__ import annotations

import sys

NOT_CHECKED = "NOT CHECKED"


def need(condition: bool, line: str) -> None:  # noqa: FBT001 - as assert takes it
    """Say what was found; end with exit code 1 if it is wrong."""
    print(line if condition else f"WRONG: {line}")
    if not condition:
        sys.exit(1)


def absent(line: str) -> None:
    """Say what the data had nothing to check by; our own drives must have everything."""
    print(f"{NOT_CHECKED}: {line}")
