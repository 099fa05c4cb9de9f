"""What Hydra knows: a typed schema made from each dataclass, and the scenario files.

Nothing is written twice. The schemas come from the same dataclasses that check a scenario, and
the files are those of the catalogue.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from hydra.core.config_store import ConfigStore
from omegaconf import MISSING

from simgen.core import Parameters, Scenario
from simgen.pipeline.catalogue import read_scenario, scenario_files, schemas

_MIRRORED = "mirrored"  # names the class that a schema was made from


@dataclass
class GenerateCommand:
    """What `simgen generate` takes."""

    scenario: Any = MISSING
    executor: Any = MISSING
    residual: Any = None
    seed: int = 0
    out: str | None = None
    difficulty: bool = True
    quiet: bool = False


@dataclass
class FittedModel:
    """The residual that `simgen generate` applies."""

    path: str = MISSING


@dataclass
class FitCommand:
    """What `simgen fit` takes."""

    reference: Any = MISSING
    simulated: str | None = None
    residual: Any = None
    sample: str | None = None
    n_shadows: int = 0
    scenario: Any = None
    parameters: list[str] | None = field(default_factory=lambda: None)
    n_simulations: int = 400
    executor: Any = MISSING
    out: str | None = None
    seed: int = 0
    quiet: bool = False


@dataclass
class EvaluateCommand:
    """What `simgen evaluate` takes."""

    synthetic: str = MISSING
    reference: Any = MISSING
    out: str | None = None
    seed: int = 0
    metrics: list[str] | None = field(default_factory=lambda: None)
    gate: Any = None
    quiet: bool = False


@dataclass
class SearchCommand:
    """What `simgen search` takes."""

    scenario: Any = MISSING
    outcome: str = ""
    method: str = MISSING
    n_simulations: int = MISSING
    n_cases: int = MISSING
    critical_share: float = MISSING
    seed: int = 0
    out: str | None = None
    quiet: bool = False


@dataclass
class ReviewCommand:
    """What `simgen review` takes."""

    synthetic: str = MISSING
    reference: Any = MISSING
    out: str | None = None
    n: int = 40
    sample: str | None = None
    reviewer: str = "expert"
    seed: int = 0
    port: int = 0
    score: bool = False
    quiet: bool = False


@dataclass
class ExportCommand:
    """What `simgen export` takes."""

    dataset: str = MISSING
    format: Any = MISSING
    out: str | None = None
    links: bool = True
    quiet: bool = False


@dataclass
class PortrayCommand:
    """What `simgen portray` takes."""

    dataset: str = MISSING
    out: str | None = None
    episode: int | None = None
    sensor: str | None = None
    quiet: bool = False


_SIMULATING = ("generate", "fit", "search")  # commands that take a scenario


def register(command: str) -> None:
    """Store the commands' schemas, the domains' schemas, the scenario files, and what is found."""
    store = ConfigStore.instance()
    store.store(name="generate_command", node=GenerateCommand)
    store.store(name="fit_command", node=FitCommand)
    store.store(name="evaluate_command", node=EvaluateCommand)
    store.store(name="search_command", node=SearchCommand)
    store.store(name="review_command", node=ReviewCommand)
    store.store(name="export_command", node=ExportCommand)
    store.store(name="portray_command", node=PortrayCommand)
    for name, node in _residuals(command).items():
        store.store(group="residual", name=name, node=node)
    for name, node in _formats(command).items():
        store.store(group="format", name=name, node=node)
    if command not in _SIMULATING:
        return  # Hydra copies whatever is stored, a hundred times to print a help text
    # A header that starts at the root keeps `scenario` the place of everything a scenario file
    # inherits, whatever the folder of the file that inherits it.
    place = "_global_.scenario"
    for name, kind in schemas().items():
        store.store(group="schema", name=name, node=_mirrored(kind()), package=place)
    for name, path in scenario_files().items():
        folder, _, stem = name.rpartition("/")
        written = read_scenario(path)
        node = {"defaults": list(map(_absolute, written.defaults)), **written.values}
        store.store(group=f"scenario/{folder}".rstrip("/"), name=stem, node=node, package=place)


def _residuals(command: str) -> dict[str, Any]:
    """What `residual=` may be: kinds to fit, or a model that was fitted."""
    if command != "fit":
        return {"fitted": FittedModel}
    from simgen.residual import find_residuals

    return {name: _mirrored(kind()) for name, kind in find_residuals().items()}


def _formats(command: str) -> dict[str, Any]:
    """What `format=` may be."""
    if command != "export":
        return {}
    from simgen.formats import find_formats

    return {name: _mirrored(kind()) for name, kind in find_formats().items()}


def _absolute(entry: str) -> str:
    """The entry of a defaults list so that it means the same whoever inherits the file."""
    return entry if entry.startswith(("/", "_self_")) else f"/scenario/{entry}"


def scenario_class(schema: type[Any] | None) -> type[Scenario[Any]] | None:
    """The scenario class whose schema this is; None if it is nobody's."""
    # By name: a launcher's worker process gets a copy of the schema, not the one made here.
    name = getattr(schema, _MIRRORED, None)
    return next((kind for kind in schemas().values() if _full_name(kind) == name), None)


@cache
def _mirror(kind: type[Any]) -> type[Any]:
    """A dataclass with the fields of `kind` in the types that OmegaConf has."""
    hints = typing.get_type_hints(kind)
    fields = [(entry.name, _plain_type(hints[entry.name])) for entry in dataclasses.fields(kind)]
    origin = {_MIRRORED: _full_name(kind)}
    return dataclasses.make_dataclass(kind.__name__, fields, namespace=origin)


def _full_name(kind: type[Any]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _mirrored(value: Any) -> Any:
    if isinstance(value, Parameters):
        kind: Any = type(value)
        values = {
            entry.name: _mirrored(getattr(value, entry.name)) for entry in dataclasses.fields(kind)
        }
        return _mirror(kind)(**values)
    return [_mirrored(entry) for entry in value] if isinstance(value, tuple) else value


def _plain_type(hint: Any) -> Any:
    inner = typing.get_args(hint)
    if isinstance(hint, types.UnionType):
        return typing.Union[tuple(map(_plain_type, inner))]  # noqa: UP007 - made at run time
    if typing.get_origin(hint) is tuple:
        kinds = {kind for kind in inner if kind is not Ellipsis}
        return list[_plain_type(kinds.pop()) if len(kinds) == 1 else Any]  # type: ignore[misc]
    return _mirror(hint) if _is_nested(hint) else hint


def _is_nested(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Parameters)
