"""The blueprints that clients see, with CARLA's attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from simgen.core import RequestError, describe
from simgen.worlds.carla.protocol.types import (
    ActorDefinition,
    ActorDescription,
    AttributeDefinition,
    AttributeType,
)
from simgen.worlds.carla.server.assets import assets
from simgen.worlds.carla.server.sensors import SENSORS
from simgen.worlds.carla.server.sensors.kinds import LANE_INVASION
from simgen.worlds.road.catalogue import catalogue

CONTROLLER = "controller.ai.walker"
_TYPES = {
    bool: AttributeType.BOOL,
    int: AttributeType.INT,
    float: AttributeType.FLOAT,
    str: AttributeType.STRING,
}


@cache
def blueprints() -> Mapping[str, ActorDefinition]:
    """All blueprints by id."""
    kinds = catalogue()
    found: dict[str, ActorDefinition] = {}
    for name in sorted([*kinds.names, *SENSORS, LANE_INVASION, CONTROLLER]):
        kind = kinds.names.get(name, "")
        category = kinds.kinds[kind].category if kind else "sensor"
        attributes = (
            *_about(category, name, kind),
            _free("role_name", "autopilot" if category == "vehicle" else name.partition(".")[0]),
            _free("ros_name", name),
        )
        found[name] = ActorDefinition(
            uid=len(found) + 1,
            id=name,
            tags=name.replace(".", ","),
            attributes=tuple(attributes),
        )
    return found


@cache
def definitions(first_type: int) -> tuple[ActorDefinition, ...]:
    """All blueprints, where AttributeType.BOOL has another number and the others follow."""
    shift = first_type - AttributeType.BOOL
    return tuple(
        replace(
            blueprint,
            attributes=tuple(
                replace(attribute, type=attribute.type + shift)
                for attribute in blueprint.attributes
            ),
        )
        for blueprint in blueprints().values()
    )


def check_description(description: ActorDescription) -> None:
    """Raise RequestError if there is no such blueprint, or it lacks an attribute."""
    known = blueprints().get(description.id)
    if known is None:
        raise RequestError(
            f"no blueprint {description.id!r}; world.get_blueprint_library() tells which there are"
        )
    names = {attribute.id for attribute in known.attributes}
    for attribute in description.attributes:
        if attribute.id not in names:
            raise RequestError(f"{description.id} has no attribute {attribute.id!r}")


def _about(category: str, name: str, kind: str) -> Iterator[AttributeDefinition]:
    match category:
        case "vehicle":
            yield from _vehicle(name, kind)
        case "walker":
            yield from _walker(name, kind)
        case "prop":
            yield _fixed("size", "medium")
        case _ if name in SENSORS:
            for row in describe(SENSORS[name].attributes()):
                yield _free(row.name, row.value)
            for prefix, values in assets()["without_effect"].items():
                if name.startswith(prefix):
                    yield from (_free(*entry) for entry in values.items())


def _vehicle(name: str, kind: str) -> Iterator[AttributeDefinition]:
    about = assets()
    special = [word for word, names in about["special_types"].items() if name in names]
    base, colours = about["base_types"][kind], tuple(about["colours"])
    n_wheels = 2 if base in {"motorcycle", "bicycle"} else 4
    yield AttributeDefinition(
        id="color",
        type=AttributeType.COLOUR,
        value=colours[0],
        recommended=colours,
        modifiable=True,
    )
    yield _fixed("base_type", base)
    yield _fixed("special_type", special[0] if special else "")
    yield _fixed("number_of_wheels", n_wheels)
    yield _fixed("generation", 2 if name in about["second_generation"] else 1)
    yield _fixed("object_type", "")
    yield _fixed("has_lights", base != "bicycle")
    yield _fixed("has_dynamic_doors", value=False)
    yield _free("sticky_control", value=True)
    yield _free("terramechanics", value=False)


def _walker(name: str, kind: str) -> Iterator[AttributeDefinition]:
    speeds = tuple(assets()["walker_speeds"])
    yield _fixed("age", "child" if kind == "child" else "adult")
    yield _fixed("gender", "other")
    is_new = int(name.rpartition(".")[2]) >= assets()["first_new_walker"]
    yield _fixed("generation", 2 if is_new else 1)
    yield _free("is_invincible", value=True)
    yield AttributeDefinition(
        id="speed",
        type=AttributeType.FLOAT,
        value=speeds[1],
        recommended=speeds,
        modifiable=True,
    )


def _free(name: str, value: Any) -> AttributeDefinition:
    text = _text(value)
    # Programs take the first of the recommended values for the usual one.
    return AttributeDefinition(
        id=name, type=_TYPES[type(value)], value=text, recommended=(text,), modifiable=True
    )


def _fixed(name: str, value: Any) -> AttributeDefinition:
    return AttributeDefinition(id=name, type=_TYPES[type(value)], value=_text(value))


def _text(value: Any) -> str:
    # The client reads "true", not "True".
    return str(value).lower() if isinstance(value, bool) else str(value)
