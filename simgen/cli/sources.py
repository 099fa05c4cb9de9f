"""What Hydra finds beside the files in configs/: scenarios, their schemas, residuals, formats.

A source of configurations is Hydra's way to find them elsewhere than in files. This one reads
what is asked for and no more: Hydra copies whatever lies in its ConfigStore a hundred times to
print a help text, and to import every domain takes seconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.config_store import ConfigStore
from hydra.core.object_type import ObjectType
from hydra.core.plugins import Plugins
from hydra.plugins.config_source import ConfigResult, ConfigSource
from hydra.plugins.search_path_plugin import SearchPathPlugin
from omegaconf import OmegaConf

from simgen.cli.mirrors import mirrored
from simgen.cli.schemas import COMMANDS, FittedModel
from simgen.core import data_folder
from simgen.pipeline.catalogue import find_schema, read_scenario, scenario_files

_SCHEME = "simgen"
_RESIDUAL = re.compile(r"^class \w+\(Residual\)", re.MULTILINE)


class _Group(NamedTuple):
    """The options of a group: their names, and the configuration of one."""

    names: Callable[[], Iterable[str]]
    read: Callable[[str], Any]
    has: Callable[[str], bool] | None = None  # where to know one name costs less than all
    package: str | None = None


def _scenario(name: str) -> dict[str, Any]:
    written = read_scenario(scenario_files()[name])
    domain = name.partition("/")[0]
    for entry in written.defaults:
        if entry.startswith("/schema/"):
            find_schema(entry.removeprefix("/schema/"), domain)  # imported; Hydra asks for it next
    return {"defaults": list(map(_absolute, written.defaults)), **written.values}


def _absolute(entry: str) -> str:
    """The entry of a defaults list so that it means the same whoever inherits the file."""
    return entry if entry.startswith(("/", "_self_")) else f"/scenario/{entry}"


def _schema(name: str) -> Any:
    kind = find_schema(name)
    assert kind is not None
    return mirrored(kind())


def _residuals() -> Iterator[str]:
    """The names of the residuals: each lies in a file of its name.

    Read, not imported, as help texts ask for them and one needs scikit-learn.
    """
    folder = Path(*import_module("simgen.residual").__path__)
    for path in sorted(folder.glob("*.py")):
        if _RESIDUAL.search(path.read_text(encoding="utf-8")):
            yield path.stem


def _residual(name: str) -> Any:
    kinds = vars(import_module(f"simgen.residual.{name}")).values()
    return mirrored(next(kind for kind in kinds if getattr(kind, "name", None) == name)())


def _formats() -> Mapping[str, type[Any]]:
    from simgen.formats import find_formats

    return find_formats()


# A header that starts at the root keeps `scenario` the place of everything a scenario file
# inherits, whatever the folder of the file that inherits it.
_PLACE = "_global_.scenario"
_SIMULATING = {
    "scenario": _Group(scenario_files, _scenario, package=_PLACE),
    # Named by scenario files alone: not offered.
    "schema": _Group(
        tuple, _schema, has=lambda name: find_schema(name) is not None, package=_PLACE
    ),
}
_GROUPS: Mapping[str, Mapping[str, _Group]] = {
    "generate": {
        **_SIMULATING,
        "residual": _Group(lambda: ["fitted"], lambda _: FittedModel),
    },
    "fit": {
        **_SIMULATING,
        "residual": _Group(_residuals, _residual),
    },
    "search": _SIMULATING,
    "export": {"format": _Group(_formats, lambda name: mirrored(_formats()[name]()))},
}


class CommandSource(ConfigSource):
    """The configurations that a command finds in code and in the catalogue; the path names it."""

    @staticmethod
    def scheme() -> str:
        """What its paths begin with."""
        return _SCHEME

    def available(self) -> bool:
        """It always is."""
        return True

    def load_config(self, config_path: str) -> ConfigResult:
        """The configuration at the path, such as `scenario/fraud/retail_bank`."""
        head, _, name = config_path.partition("/")
        group = self._groups[head]
        return ConfigResult(
            provider=self.provider,
            path=self.full_path(),
            config=OmegaConf.structured(group.read(name)),
            header={"package": group.package},
        )

    def is_config(self, config_path: str) -> bool:
        """Whether there is a configuration at the path."""
        head, _, name = config_path.partition("/")
        group = self._groups.get(head)
        return group is not None and (group.has(name) if group.has else name in group.names())

    def is_group(self, config_path: str) -> bool:
        """Whether the path is one of our groups or a folder in one."""
        head, _, folder = config_path.strip("/").partition("/")
        group = self._groups.get(head)
        if group is None or not folder:
            return group is not None
        return any(name.startswith(f"{folder}/") for name in group.names())

    def list(self, config_path: str, results_filter: ObjectType | None) -> list[str]:
        """What lies directly below the path: folders, configurations, or both."""
        head, _, folder = config_path.strip("/").partition("/")
        if not head:
            return [] if results_filter is ObjectType.CONFIG else sorted(self._groups)
        prefix = f"{folder}/" if folder else ""
        group = self._groups.get(head)
        below = {
            name.removeprefix(prefix).partition("/")[::2]
            for name in (group.names() if group else ())
            if name.startswith(prefix)
        }
        kinds = {ObjectType.CONFIG: (False,), ObjectType.GROUP: (True,), None: (False, True)}
        return sorted({name for name, rest in below if bool(rest) in kinds[results_filter]})

    @property
    def _groups(self) -> Mapping[str, _Group]:
        return _GROUPS.get(self.path, {})


class CommandSearchPath(SearchPathPlugin):
    """Has Hydra look into the source of the command that is run."""

    command: ClassVar[str] = ""  # Hydra makes the plugin itself, without arguments

    def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
        """Append the source where Hydra appends its own store of schemas: after --config-dir."""
        search_path.append("schema", f"{_SCHEME}://{self.command}")


def options(command: str, group: str, folder: str | None) -> list[str]:
    """What a name or a pattern may choose of a group: nothing that lies in folders of its own.

    Args:
        command: whose group it is.
        group: its name.
        folder: the user's own configurations, if there are any.
    """
    folders = [data_folder("configs"), *([Path(folder)] if folder else [])]
    files = [path.stem for place in folders for path in place.joinpath(group).glob("*.yaml")]
    found = _GROUPS.get(command, {}).get(group)
    return [*files, *(name for name in (found.names() if found else ()) if "/" not in name)]


def offer(command: str) -> None:
    """Have Hydra find what `command` takes."""
    ConfigStore.instance().store(name=f"{command}_command", node=COMMANDS[command])
    CommandSearchPath.command = command
    for plugin in (CommandSource, CommandSearchPath):
        Plugins.instance().register(plugin)
