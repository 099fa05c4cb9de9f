"""Calls to vehicles and walkers."""

from __future__ import annotations

import math

from simgen.core import RequestError
from simgen.worlds.carla.protocol.types import ActorLights
from simgen.worlds.carla.protocol.vehicles import (
    AckermannControl,
    AckermannSettings,
    VehicleControl,
    VehicleLightState,
    VehiclePhysics,
    VehicleTelemetry,
    WalkerControl,
    WheelTelemetry,
)
from simgen.worlds.carla.server.driving import drive, engaged_gear, walk
from simgen.worlds.carla.server.entities import Memory, Vehicle, Walker
from simgen.worlds.carla.server.physics import change_physics, placed_physics
from simgen.worlds.carla.server.routes.registry import Routes, check_within
from simgen.worlds.carla.server.simulation import Simulation

ROUTES = Routes()
_MOST_WANTED = 1e4  # of the controller on board, in any unit
_MOST_GAIN = 1e3  # of it
_DOORS = "taken, and nothing opens"
_WHEELS = "taken, and no wheel is drawn"
_MOST_WHEELS = 8  # of a vehicle


def _vehicle(simulation: Simulation, actor: int) -> Vehicle:
    return simulation.episode.entities.the(Vehicle, actor)


@ROUTES.route(differs="engine and gears are simgen's")
def apply_control_to_vehicle(simulation: Simulation, actor: int, control: VehicleControl) -> None:
    """Drive."""
    vehicle = _vehicle(simulation, actor)
    vehicle.ackermann = None
    drive(simulation.episode, vehicle, control)


@ROUTES.route(differs="jerk is not bounded")
def apply_ackermann_control_to_vehicle(
    simulation: Simulation, actor: int, control: AckermannControl
) -> None:
    """Let the controller on board drive."""
    for name, value in vars(control).items():
        check_within(name, value, _MOST_WANTED)
    vehicle = _vehicle(simulation, actor)
    if vehicle.ackermann is None:
        vehicle.memory = Memory()
    vehicle.ackermann = control


@ROUTES.route()
def get_ackermann_controller_settings(simulation: Simulation, actor: int) -> AckermannSettings:
    """The gains of that controller."""
    return _vehicle(simulation, actor).ackermann_settings


@ROUTES.route()
def apply_ackermann_controller_settings(
    simulation: Simulation, actor: int, settings: AckermannSettings
) -> None:
    """Change them."""
    for name, value in vars(settings).items():
        check_within(name, value, _MOST_GAIN)
    _vehicle(simulation, actor).ackermann_settings = settings


@ROUTES.route(differs="from simgen's kinds; torque, inertia and clutch are CARLA's defaults")
def get_physics_control(simulation: Simulation, actor: int) -> VehiclePhysics:
    """What a vehicle is."""
    return placed_physics(simulation.episode, _vehicle(simulation, actor))


@ROUTES.route(differs="mass, drag, tire_friction and max_steer_angle act; all else is told back")
def apply_physics_control(simulation: Simulation, actor: int, physics: VehiclePhysics) -> None:
    """Change what a vehicle is."""
    change_physics(simulation.episode, _vehicle(simulation, actor), physics)


@ROUTES.route()
def get_vehicle_light_state(simulation: Simulation, actor: int) -> VehicleLightState:
    """Which lamps are on."""
    return VehicleLightState(flags=_vehicle(simulation, actor).flags)


@ROUTES.route(differs="no sensor sees lamps")
def set_vehicle_light_state(simulation: Simulation, actor: int, state: VehicleLightState) -> None:
    """Switch lamps."""
    _vehicle(simulation, actor).flags = state.flags


@ROUTES.route()
def get_vehicle_light_states(simulation: Simulation) -> tuple[ActorLights, ...]:
    """Which lamps of all vehicles are on."""
    vehicles = simulation.episode.entities.of(Vehicle)
    return tuple(ActorLights(actor=vehicle.id, flags=vehicle.flags) for vehicle in vehicles)


@ROUTES.route(differs="of wheels, friction alone")
def get_telemetry_data(simulation: Simulation, actor: int) -> VehicleTelemetry:
    """How a vehicle runs."""
    vehicle = _vehicle(simulation, actor)
    control, physics = vehicle.control, vehicle.physics
    x, y, z, _ = simulation.episode.ground.velocity(vehicle.number)
    return VehicleTelemetry(
        speed=math.sqrt(x * x + y * y + z * z),
        steer=control.steer,
        throttle=control.throttle,
        brake=control.brake,
        gear=engaged_gear(simulation.episode, vehicle),
        drag=physics.drag_coefficient,
        wheels=tuple(WheelTelemetry(tire_friction=w.tire_friction) for w in physics.wheels),
    )


@ROUTES.route()
def get_wheel_steer_angle(simulation: Simulation, actor: int, wheel: int) -> float:
    """The angle of a wheel, positive to the right [degree]."""
    vehicle = _vehicle(simulation, actor)
    if wheel > 1:  # the rear wheels
        return 0.0
    return -math.degrees(simulation.episode.ground.wheel_angle(vehicle.number))


@ROUTES.route(differs=_WHEELS)
def set_wheel_steer_direction(
    simulation: Simulation, actor: int, _wheel: int, _angle: float
) -> None:
    """Draw a wheel at an angle [degree]; the vehicle goes on as it is steered."""
    _vehicle(simulation, actor)


@ROUTES.route(differs=_WHEELS)
def set_wheel_pitch_angle(simulation: Simulation, actor: int, wheel: int, angle: float) -> None:
    """Draw a wheel turned about its axle [degree]."""
    if wheel >= _MOST_WHEELS:
        raise RequestError(f"wheel = {wheel}: must be below {_MOST_WHEELS}")
    _vehicle(simulation, actor).pitches[wheel] = angle


@ROUTES.route(differs="as it was set last; it does not turn by itself")
def get_wheel_pitch_angle(simulation: Simulation, actor: int, wheel: int) -> float:
    """How far a wheel is turned about its axle [degree]."""
    return _vehicle(simulation, actor).pitches.get(wheel, 0.0)


@ROUTES.route(differs="there is no other model to return from")
def restore_physx_physics(simulation: Simulation, actor: int) -> None:
    """Return to the usual model of physics."""
    _vehicle(simulation, actor)


@ROUTES.route(differs=_DOORS)
def open_vehicle_door(simulation: Simulation, actor: int, _door: int) -> None:
    """Open a door."""
    _vehicle(simulation, actor)


@ROUTES.route(differs=_DOORS)
def close_vehicle_door(simulation: Simulation, actor: int, _door: int) -> None:
    """Close a door."""
    _vehicle(simulation, actor)


@ROUTES.route(differs="taken, and nothing is drawn")
def show_vehicle_debug_telemetry(
    _simulation: Simulation,
    _actor: int,
    _enabled: bool,  # noqa: FBT001 - the wire's
) -> None:
    """Draw on a screen."""


@ROUTES.route(differs="nobody jumps; at most 13 m/s, reached and left at 2 m/s2")
def apply_control_to_walker(simulation: Simulation, actor: int, control: WalkerControl) -> None:
    """Walk."""
    walk(simulation.episode, simulation.episode.entities.the(Walker, actor), control)
