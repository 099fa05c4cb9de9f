"""Which calls are answered, by what, and how the answer differs from CARLA's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from simgen.core import RequestError

Work = TypeVar("Work", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class Route:
    """A call that is answered."""

    work: Callable[..., Any]  # takes the simulation and the call's arguments
    differs: str = ""  # "": it does as CARLA does


def check_within(name: str, value: float, most: float) -> None:
    """Raise RequestError if a number is beyond a bound on either side."""
    if not abs(value) <= most:
        raise RequestError(f"{name} = {value:g}: must be within {most:g}")


class Routes(dict[str, Route]):
    """Routes by name; add one with `@routes.route()` on a function called like the call."""

    def route(self, *, differs: str = "", name: str = "") -> Callable[[Work], Work]:
        """A decorator that adds a function."""

        def add(work: Work) -> Work:
            self[name or work.__name__] = Route(work=work, differs=differs)
            return work

        return add
