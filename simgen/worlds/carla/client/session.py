"""What CARLA's client does for a run. Only the process of `child` imports this: it may die here."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

# Its types are no part of the package.
import carla  # type: ignore[import-not-found,import-untyped,unused-ignore]
import numpy as np
import numpy.typing as npt

from simgen.worlds.carla.client.actors import (
    ROLE,
    end,
    state_of,
    sweep,
    transform_at,
)
from simgen.worlds.carla.client.ears import Ear, triple
from simgen.worlds.carla.client.pipe import Array

_SUBSTEP = 0.01  # of physics, CARLA's default [s]
_MAX_SUBSTEPS = 16  # CARLA's bound
_KNOCK = 2.0  # until the next try to reach a server [s]
# place, pitch, yaw, roll, velocity, angular velocity, acceleration
N_STATES = 15


class RefusedError(Exception):
    """The server was asked for something that it does not do."""


class Session:
    """One client, the world that it is in, and what it put there."""

    def __init__(self) -> None:
        self._client: Any = None
        self._world: Any = None
        self._settings: Any = None  # as they were found
        self._actors: dict[int, Any] = {}
        self._ears: dict[str, Ear] = {}
        self._library: dict[str, Any] = {}  # blueprints by id

    def connect(self, *, host: str, port: int, patience: float, n_threads: int) -> dict[str, Any]:
        """Reach the server, which may be about to start; opens no stream yet."""
        until = time.monotonic() + patience
        while True:
            # A client that found nobody never finds anybody.
            self._client = carla.Client(host, port, n_threads)
            self._client.set_timeout(min(_KNOCK, patience))
            try:
                server = self._client.get_server_version()
            except RuntimeError as error:
                if "time-out" not in str(error) or time.monotonic() > until:
                    raise
                continue
            self._client.set_timeout(patience)
            return {"client": self._client.get_client_version(), "server": server}

    def maps(self) -> dict[str, Any]:
        """What the server could load, and the OpenDRIVE text of what it has loaded."""
        names = [name.rpartition("/")[2] for name in self._client.get_available_maps()]
        return {"maps": names, "text": self._client.get_world().get_map().to_opendrive()}

    def enter(self, *, load: str | None, text: str, step_time: float) -> dict[str, Any]:
        """Have a map loaded, fix the step, and sweep out what dead runs left.

        Args:
            load: the map's name; "": the present one anew, or `text` where there is one; None: as
                it is.
            text: OpenDRIVE to be loaded.
            step_time: [s]
        """
        world = self._client.get_world()
        settings = world.get_settings()
        n_swept = sweep(self._client, world)
        if n_swept:
            # A run died here; what it found is not known, but this is how a server begins.
            settings.synchronous_mode, settings.fixed_delta_seconds = False, None
        self._settings = settings
        if text:
            about = carla.OpendriveGenerationParameters(wall_height=0.0)
            world = self._client.generate_opendrive_world(text, about)
        elif load is not None:
            world = self._client.load_world(load) if load else self._client.reload_world()
        self._world = world
        self._actors, self._ears = {}, {}
        self._library = {blueprint.id: blueprint for blueprint in world.get_blueprint_library()}
        settings = world.get_settings()
        settings.synchronous_mode, settings.fixed_delta_seconds = True, step_time
        n_substeps = min(math.ceil(step_time / _SUBSTEP - 1e-9), _MAX_SUBSTEPS)
        settings.substepping, settings.max_substeps = True, n_substeps
        # A little longer than needed, or rounding to single precision would make one more.
        settings.max_substep_delta_time = 1.001 * step_time / n_substeps
        world.apply_settings(settings)
        return {"n_swept": n_swept, "text": world.get_map().to_opendrive()}

    def set_weather(self, *, values: Mapping[str, float]) -> dict[str, Any]:
        """Change some of the weather."""
        weather = self._world.get_weather()
        for name, value in values.items():
            setattr(weather, name, value)
        self._world.set_weather(weather)
        return {}

    def spawn(
        self, *, names: Sequence[str], place: Sequence[float], paint: int, moves: bool
    ) -> dict[str, Any]:
        """Put an actor into the world: the first of some blueprints that the server has."""
        found = next((name for name in names if name in self._library), None)
        if found is None:
            raise RefusedError(f"the server has no blueprint {' or '.join(names)}")
        blueprint = self._library[found]
        blueprint.set_attribute("role_name", ROLE)
        if blueprint.has_attribute("color"):
            colours = blueprint.get_attribute("color").recommended_values
            if colours:
                blueprint.set_attribute("color", colours[paint % len(colours)])
        actor = self._spawn(blueprint, transform_at(place))
        actor.set_simulate_physics(moves)
        box = actor.bounding_box
        return {
            "actor": actor.id,
            "blueprint": found,
            "middle": triple(box.location),
            "extent": triple(box.extent),
        }

    def attach(
        self,
        *,
        name: str,
        blueprint: str,
        attributes: Mapping[str, str],
        place: Sequence[float],
        parent: int,
    ) -> dict[str, Any]:
        """Put a sensor onto an actor and listen to it."""
        if blueprint not in self._library:
            raise RefusedError(f"the server has no blueprint {blueprint}")
        made = self._library[blueprint]
        for key, value in {**attributes, "role_name": ROLE}.items():
            made.set_attribute(key, value)
        actor = self._spawn(made, transform_at(place), attach_to=self._actors[parent])
        self._ears[name] = Ear(actor, parent)
        return {}

    def _spawn(self, *arguments: Any, **named: Any) -> Any:
        try:
            actor = self._world.spawn_actor(*arguments, **named)
        except RuntimeError as error:
            if "time-out" in str(error):
                raise
            raise RefusedError(str(error)) from None
        self._actors[actor.id] = actor
        return actor

    def destroy(self, *, actors: Sequence[int]) -> dict[str, Any]:
        """Take actors out of the world, what they carry first."""
        gone = list(actors)
        for name, ear in tuple(self._ears.items()):
            if ear.carrier in actors:
                del self._ears[name]
                gone.append(ear.sensor.id)
        end(self._client, [self._actors.pop(number) for number in gone])
        return {}

    def control(self, *, actor: int, kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Tell an actor something: control, another place, or a command of `carla.command`."""
        body = self._actors[actor]
        match kind:
            case "apply_control" if "speed" in values:
                direction = carla.Vector3D(*values["direction"])
                body.apply_control(carla.WalkerControl(direction, values["speed"], False))
            case "apply_control":
                body.apply_control(carla.VehicleControl(**values))
            case "set_transform":
                body.set_transform(transform_at(values["place"]))
            case _:
                # No method: `Actor.add_torque` of 0.9.16 calls for an angular impulse.
                command = getattr(carla.command, kind)
                failed = self._do([command(actor, carla.Vector3D(*values["vector"]))])
                if failed:
                    raise RefusedError(failed[0])
        return {}

    def _do(self, commands: Sequence[Any]) -> list[str]:
        """Do commands; gives what was said of those that failed."""
        # Never with a tick: it would keep the interpreter from taking what sensors report.
        answers = self._client.apply_batch_sync(commands, False)
        return [answer.error for answer in answers if answer.has_error()]

    def step(
        self,
        *,
        sensors: Sequence[str],
        may_miss: bool,
        patience: float,
        wait: float,
        actors: Array,
        places: Array,
    ) -> tuple[dict[str, Any], dict[str, Array]]:
        """Place actors, let a step pass, and wait for all that is told of its frame.

        Args:
            sensors: names of those whose reports are wanted.
            may_miss: whether to go on without those that say nothing in time.
            patience: with the server. [s]
            wait: for sensors, after the tick. [s]
            actors: ids of those that are placed (n,).
            places: x, y, z, pitch, yaw, roll (n, 6) [m, degree].
        """
        self._client.set_timeout(patience)
        commands = [
            carla.command.ApplyTransform(int(actor), transform_at(place))
            for actor, place in zip(actors, places.tolist(), strict=True)
        ]
        failed = self._do(commands)
        if failed:
            raise RuntimeError(f"{len(failed)} actors could not be placed: {failed[0]}")
        frame = self._world.tick()
        until = time.monotonic() + wait
        states, known = self._states(frame, until)
        arrays: dict[str, Array] = {"states": states, "actors": known}
        missing = self._hear(sensors, frame, until, arrays)
        if missing and not may_miss:
            raise RuntimeError(
                f"time-out: {', '.join(missing)} said nothing of frame {frame} within {wait:g} s"
            )
        return {"frame": frame, "missing": missing}, arrays

    def _hear(
        self, sensors: Sequence[str], frame: int, until: float, arrays: dict[str, Array]
    ) -> list[str]:
        """Add what sensors tell of a frame to `arrays`; gives those that say nothing in time."""
        missing = []
        for name in sensors:
            content = self._ears[name].take(frame, until)
            if content is None:
                missing.append(name)
            else:
                arrays.update({f"{name}/{part}": array for part, array in content.items()})
        return missing

    def _states(
        self, frame: int, until: float
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
        """What is true of our bodies in a frame; who is not told of is not among them."""
        snapshot = self._world.get_snapshot()
        while snapshot.frame != frame:
            if time.monotonic() > until:
                raise RuntimeError(f"time-out: no snapshot of frame {frame}")
            snapshot = self._world.wait_for_tick()
        found = [
            (actor, snapshot.find(actor))
            for actor, body in self._actors.items()
            if not body.type_id.startswith("sensor.")
        ]
        rows = [(actor, state_of(state)) for actor, state in found if state is not None]
        states = np.array([state for _, state in rows], np.float32).reshape(-1, N_STATES)
        return states, np.array([actor for actor, _ in rows], np.int64)

    def events(self, *, sensors: Sequence[str]) -> dict[str, Any]:
        """What detectors of collisions told since last asked: sensor, other, x, y, z [N s]."""
        return {"events": [[name, *event] for name in sensors for event in self._ears[name].all()]}

    def leave(self) -> dict[str, Any]:
        """Destroy what we put there, sensors first, and restore the settings."""
        if self._world is not None:
            end(self._client, self._actors.values())
            self._world.apply_settings(self._settings)
        self._actors, self._ears, self._world = {}, {}, None
        return {}
