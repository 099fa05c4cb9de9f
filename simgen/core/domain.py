"""A domain's card, and how domains are found."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files
from typing import Any

from simgen.core.errors import RequestError
from simgen.core.illustration import Illustration
from simgen.core.picture import Picture
from simgen.core.scenario import Scenario
from simgen.core.search import Search

ENTRY_POINTS = "simgen.domains"


@dataclass(frozen=True, kw_only=True)
class Domain:
    """What the framework knows of a domain: the module named by its entry point has one, `DOMAIN`.

    `schemas` maps the name under which a scenario file refers to a scenario class
    (`/schema/<name>`) to that class. `package` holds the SQL views in its folder `views`.
    `pictures` says, by the name of a view, how `simgen review` shows its rows; else as tables.
    `illustrations` says, by the name of a schema, how whole data sets are shown, and `searches`
    how `simgen search` looks for rare cases.
    """

    name: str
    title: str
    doc: str
    package: str
    schemas: Mapping[str, type[Scenario[Any]]]
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    illustrations: Mapping[str, tuple[Illustration, ...]] = field(default_factory=dict)
    searches: Mapping[str, Search] = field(default_factory=dict)

    def view(self, name: str) -> str:
        """The SQL of the view called `name`; RequestError if there is none."""
        folder = files(self.package) / "views"
        path = folder / f"{name}.sql"
        if not path.is_file():
            known = sorted(p.name.removesuffix(".sql") for p in folder.iterdir())
            raise RequestError(f"domain {self.name} has no view {name!r}: it has {known}")
        return path.read_text(encoding="utf-8")


@cache
def find_domains() -> Mapping[str, Domain]:
    """The installed domains by name: the built-in ones and third parties' alike.

    One that can't be imported, or whose name or schema another has, is left out, with a warning.
    """
    found: dict[str, Domain] = {}
    holders: dict[str, EntryPoint] = {}  # by schema
    for entry in domain_entries():
        domain = try_domain(entry)
        if domain is None:
            continue
        if twice := sorted(set(domain.schemas) & set(holders)):
            _warn(taken(f"schema {twice[0]}", entry, holders[twice[0]]))
            continue
        holders |= dict.fromkeys(domain.schemas, entry)
        found[domain.name] = domain
    return dict(sorted(found.items()))


def domain_entries() -> list[EntryPoint]:
    """The domains' entry points, built-in ones first; of one name the first, with a warning."""
    found: dict[str, EntryPoint] = {}
    entries = entry_points(group=ENTRY_POINTS)
    for entry in sorted(entries, key=lambda entry: (not is_built_in(entry), _package(entry))):
        first = found.setdefault(entry.name, entry)
        if first is not entry:
            _warn(taken("name", entry, first))
    return list(found.values())


def is_built_in(entry: EntryPoint) -> bool:
    """Whether the domain is one of ours."""
    return entry.module.startswith("simgen.")


def taken(what: str, entry: EntryPoint, first: EntryPoint) -> str:
    """The line that says that a domain brings something of a name that another's package has."""
    return (
        f"domain {entry.name} of the package {_package(entry)} is left out: its {what} is that of "
        f"the package {_package(first)}: rename it there, or uninstall {_package(entry)}"
    )


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else entry.module


def _warn(line: str) -> None:
    warnings.warn(line, stacklevel=1)  # one line of ours, so that it is said once


def try_domain(entry: EntryPoint) -> Domain | None:
    """The domain that an entry point names; None, with a warning, if it can't be imported."""
    try:
        return load_domain(entry)
    except RequestError as error:
        _warn(str(error))
        return None


def load_domain(entry: EntryPoint) -> Domain:
    """The domain that an entry point names.

    Raises:
        RequestError: it can't be imported, or is called otherwise.
    """
    try:
        domain: Domain = entry.load().DOMAIN
        name = domain.name
    except Exception as error:
        raise RequestError(
            f"domain {entry.name} of the package {_package(entry)} can't be imported "
            f"({type(error).__name__}: {error}): mend that package, or uninstall it"
        ) from error
    if name != entry.name:
        raise RequestError(
            f"domain {entry.name} of the package {_package(entry)} calls itself {name}: "
            "give its DOMAIN the name of its entry point, or uninstall it"
        )
    return domain
