"""What formats call our kinds of actors, and other words of theirs: assets/driving/formats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simgen.core import RequestError, asset


def words(title: str) -> Mapping[str, Any]:
    """The words of the format with this title, whose file is called as it is, in small letters."""
    content: Mapping[str, Any] = asset(f"driving/formats/{title.lower()}")
    return content


def kind_in(title: str, kind: str, what: str) -> Any:
    """What a format makes of one of our kinds; None if it leaves it out.

    Args:
        title: of the format.
        kind: ours.
        what: what the format has of a kind.

    Raises:
        RequestError: the kind is unknown.
    """
    known = words(title)["kinds"]
    if kind not in known:
        raise RequestError(
            f"{title} has no {what} for {kind!r}: name one in "
            f"assets/driving/formats/{title.lower()}.yaml, kinds"
        )
    return known[kind]
