"""The catalogue: every scenario that can be named, and how its file becomes a Scenario.

A scenario file is YAML. Its `defaults` begin with the schema of a domain (`/schema/fraud`) or
with another scenario (`fraud/retail_bank`) and end with `_self_`; the rest states what differs.
Hydra composes the same files by the same rules.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from simgen.core import (
    RequestError,
    Scenario,
    build,
    data_folder,
    find_domains,
    look_up,
    suggest,
)
from simgen.core.domain import domain_entries, is_built_in, load_domain, taken, try_domain

_SCHEMA = "/schema/"
_NAMED_SCHEMA = re.compile(rf"^defaults:.*{_SCHEMA}(\w+)", re.MULTILINE)


class ScenarioFile(NamedTuple):
    """A scenario as written."""

    doc: str
    defaults: tuple[str, ...]
    values: dict[str, Any]


def scenario_names() -> list[str]:
    """The scenarios that ship with simgen and with the installed domains: `fraud/retail_bank`."""
    return list(scenario_files())


@cache
def scenario_files() -> Mapping[str, Path]:
    """Where each of them is written, in the order of names.

    A third party's domain keeps its own in the folder `scenarios` of the package that its entry
    point names.
    """
    found = {name: path for folder, prefix in _folders() for name, path in _walk(folder, prefix)}
    return dict(sorted(found.items()))


@cache
def schemas() -> Mapping[str, type[Scenario[Any]]]:
    """The scenario classes by the name that follows `/schema/`."""
    return {
        name: kind for domain in find_domains().values() for name, kind in domain.schemas.items()
    }


@cache
def find_schema(name: str, likely: str = "") -> type[Scenario[Any]] | None:
    """The scenario class that `/schema/<name>` means; None if no installed domain has it.

    Domains are imported one after the other until one has it, the one called `likely` first and
    those that are there already next: to import them all takes two seconds. What our own scenario
    files name is ours, whoever else has a schema of that name.

    Raises:
        RequestError: the domain called `likely` can't be imported, or has a schema of ours.
    """
    owner = our_schemas().get(name, "")

    def is_dear(entry: EntryPoint) -> tuple[bool, bool, bool]:
        return entry.name != likely, entry.name != owner, entry.module not in sys.modules

    entries = {entry.name: entry for entry in sorted(domain_entries(), key=is_dear)}
    for entry in entries.values():
        domain = load_domain(entry) if entry.name == likely else try_domain(entry)
        if domain and name in domain.schemas:
            ours = entries.get(owner)
            if ours and is_built_in(ours) and not is_built_in(entry):
                raise RequestError(taken(f"schema {name}", entry, ours))
            return domain.schemas[name]
    return None


@cache
def our_schemas() -> Mapping[str, str]:
    """The domain of each schema that a scenario file of ours begins with: read, not imported."""
    files = _walk(data_folder("scenarios"), "")
    texts = {name: path.read_text(encoding="utf-8") for name, path in files}
    return {
        named[1]: name.partition("/")[0]
        for name, text in texts.items()
        if (named := _NAMED_SCHEMA.search(text))
    }


def load_scenario(name: str, **overrides: Any) -> Scenario[Any]:
    """The scenario called `name`, or written in the YAML file at the path `name`.

    Args:
        name: a name of the catalogue, or a path that ends with `.yaml`.
        overrides: parameters that differ from the file's. A nested one is a mapping, or has a
            dotted name: `**{"bank.alert_recall": 0.5}`. Type checkers take the mapping alone:
            `bank={"alert_recall": 0.5}`.

    Raises:
        RequestError: there is no such scenario, or a parameter is unknown or wrong.
    """
    path = find_scenario(name)
    schema, values = _compose(path, ())
    try:
        scenario: Scenario[Any] = build(schema, values)
    except RequestError as error:
        raise RequestError(f"{path}: {error}") from None
    if overrides:
        scenario = build(schema, _merge(values, nested(overrides)))
    return scenario


def scenario_doc(name: str) -> str:
    """The comment at the head of the scenario's file."""
    return read_scenario(find_scenario(name)).doc


def find_scenario(name: str) -> Path:
    """The file of the scenario called `name`; RequestError if there is none."""
    is_path = name.endswith(".yaml")
    path = Path(name) if is_path else look_up("scenario", name, scenario_files())
    if not path.is_file():
        raise RequestError(f"no scenario file {name!r}: give the path of a YAML file")
    return path


def read_scenario(path: Path) -> ScenarioFile:
    """What the file says; RequestError unless it has the shape of a scenario."""
    try:
        text = path.read_text(encoding="utf-8")
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 - derived from the safe loader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RequestError(f"{path} is no YAML: {' '.join(str(error).split())}") from None
    defaults = content.pop("defaults", None) if isinstance(content, dict) else None
    if not isinstance(defaults, list) or len(defaults) < 2 or defaults[-1] != "_self_":
        raise RequestError(
            f"{path} is no scenario: it must begin with `defaults: [/schema/<domain>, _self_]`"
        )
    return ScenarioFile(_head(text), tuple(map(str, defaults)), content)


def nested(overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Values by dotted name as nested dictionaries, what `simgen.core.leaves` undoes."""
    values: dict[str, Any] = {}
    for name, value in overrides.items():
        head, _, rest = name.partition(".")
        values = _merge(values, {head: nested({rest: value}) if rest else value})
    return values


class _Loader(yaml.SafeLoader):
    """YAML as Hydra reads it: 1e-3 is a number, 2024-01-01 a string."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)[eE][-+]?\d+"),
    list("-+.0123456789"),
)


def _folders() -> Iterator[tuple[Path, str]]:
    yield data_folder("scenarios"), ""
    for entry in domain_entries():
        try:
            # Finding a package does not import it, only one that it lies in: listing stays quick.
            spec = find_spec(entry.module)
        except Exception:  # noqa: BLE001 - whatever a third party's code raises
            spec = None if try_domain(entry) is None else find_spec(entry.module)
        for place in (spec and spec.submodule_search_locations) or ():
            yield Path(place) / "scenarios", f"{entry.name}/"


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*.yaml")):
        yield prefix + path.relative_to(folder).with_suffix("").as_posix(), path


def _head(text: str) -> str:
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").removeprefix(" "))
    return "\n".join(lines)


def _compose(path: Path, seen: tuple[Path, ...]) -> tuple[type[Scenario[Any]], dict[str, Any]]:
    """The schema at the root of the file's defaults, and the values merged along the way."""
    if path in seen:
        raise RequestError(f"{path} inherits itself: remove the circle from its defaults")
    written = read_scenario(path)
    schema, values = None, dict[str, Any]()
    for entry in written.defaults[:-1]:
        if entry.startswith(_SCHEMA):
            schema = _schema(path, entry)
            continue
        schema, inherited = _compose(_inherited(path, entry), (*seen, path))
        values = _merge(values, inherited)
    assert schema is not None
    return schema, _merge(values, written.values)


def _schema(path: Path, entry: str) -> type[Scenario[Any]]:
    name = entry.removeprefix(_SCHEMA)
    kind = find_schema(name, _domain(path))
    if kind is None:
        raise RequestError(f"{path}: unknown schema {name!r}: {suggest(name, schemas())}")
    return kind


def _domain(path: Path) -> str:
    """The domain among whose scenarios the file is; "" if it is none of the catalogue's."""
    names = (name for name, place in scenario_files().items() if place == path)
    return next(names, "").partition("/")[0]


def _inherited(path: Path, entry: str) -> Path:
    """The file named by an entry: one beside the file that names it, or one of the catalogue."""
    beside = path.parent / f"{entry}.yaml"
    return beside if beside.is_file() else find_scenario(entry)


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for name, value in above.items():
        old = merged.get(name)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            merged[name] = _merge(old, value)
        else:
            merged[name] = value
    return merged
