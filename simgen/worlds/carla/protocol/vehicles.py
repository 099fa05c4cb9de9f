"""Vehicles and walkers on the wire: controls, physics, lamps, telemetry."""

from __future__ import annotations

from dataclasses import dataclass, field

from simgen.worlds.carla.protocol.codec import F32, I32, U32, Pedal, Wire
from simgen.worlds.carla.protocol.types import Vector, Vector2


@dataclass(frozen=True, kw_only=True)
class VehicleControl(Wire):
    """What a driver does.

    A Traffic Manager of 0.9.16 wants 0 / 0 of the brake of a car that stands and shall stand.
    """

    throttle: Pedal = 0.0  # 0 to 1
    steer: Pedal = 0.0  # -1 to 1, positive to the right
    brake: Pedal = 0.0  # 0 to 1
    hand_brake: bool = False
    reverse: bool = False
    manual_gear: bool = False
    gear: I32 = 0


@dataclass(frozen=True, kw_only=True)
class AckermannControl(Wire):
    """What a driver wants; a controller on board sees to it."""

    steer: F32 = 0.0  # angle of the wheels, positive to the right [rad]
    steer_speed: F32 = 0.0  # at most; 0: at once [rad/s]
    speed: F32 = 0.0  # [m/s]
    acceleration: F32 = 0.0  # at most; 0: no bound [m/s2]
    jerk: F32 = 0.0  # [m/s3]


@dataclass(frozen=True, kw_only=True)
class AckermannSettings(Wire):
    """Gains of that controller."""

    speed_kp: F32 = 0.15
    speed_ki: F32 = 0.0
    speed_kd: F32 = 0.25
    acceleration_kp: F32 = 0.01
    acceleration_ki: F32 = 0.0
    acceleration_kd: F32 = 0.01


def _ahead() -> Vector:
    return Vector(x=1.0)


@dataclass(frozen=True, kw_only=True)
class WalkerControl(Wire):
    """Where a walker goes."""

    direction: Vector = field(default_factory=_ahead)
    speed: F32 = 0.0  # [m/s]
    jump: bool = False


@dataclass(frozen=True, kw_only=True)
class GearPhysics(Wire):
    """A forward gear."""

    ratio: F32 = 1.0
    down_ratio: F32 = 0.5
    up_ratio: F32 = 0.65


@dataclass(frozen=True, kw_only=True)
class WheelPhysics(Wire):
    """A wheel with its tyre."""

    tire_friction: F32 = 2.0
    damping_rate: F32 = 0.25
    max_steer_angle: F32 = 70.0  # [degree]
    radius: F32 = 30.0  # [cm]
    max_brake_torque: F32 = 1500.0  # [N m]
    max_handbrake_torque: F32 = 3000.0  # [N m]
    lateral_stiffness_max_load: F32 = 2.0
    lateral_stiffness_value: F32 = 17.0
    longitudinal_stiffness_value: F32 = 1000.0
    position: Vector = field(default_factory=Vector)  # in the world [cm]


@dataclass(frozen=True, kw_only=True)
class VehiclePhysics(Wire):
    """A vehicle's engine, gears, body and wheels."""

    torque_curve: tuple[Vector2, ...] = ()
    max_rpm: F32 = 5000.0
    moment_of_inertia: F32 = 1.0
    damping_full_throttle: F32 = 0.15
    damping_zero_clutch_engaged: F32 = 2.0
    damping_zero_clutch_disengaged: F32 = 0.35
    automatic_gears: bool = True
    gear_switch_time: F32 = 0.5  # [s]
    clutch_strength: F32 = 10.0
    final_ratio: F32 = 4.0
    gears: tuple[GearPhysics, ...] = ()
    mass: F32 = 1000.0  # [kg]
    drag_coefficient: F32 = 0.3
    center_of_mass: Vector = field(default_factory=Vector)
    steering_curve: tuple[Vector2, ...] = ()
    wheels: tuple[WheelPhysics, ...] = ()
    sweep_wheel_collision: bool = False


@dataclass(frozen=True, kw_only=True)
class WheelTelemetry(Wire):
    """How a wheel runs."""

    tire_friction: F32 = 0.0
    lateral_slip: F32 = 0.0
    longitudinal_slip: F32 = 0.0
    omega: F32 = 0.0
    tire_load: F32 = 0.0
    normalized_tire_load: F32 = 0.0
    torque: F32 = 0.0
    longitudinal_force: F32 = 0.0
    lateral_force: F32 = 0.0
    normalized_longitudinal_force: F32 = 0.0
    normalized_lateral_force: F32 = 0.0


@dataclass(frozen=True, kw_only=True)
class VehicleTelemetry(Wire):
    """How a vehicle runs."""

    speed: F32 = 0.0  # [m/s]
    steer: F32 = 0.0
    throttle: F32 = 0.0
    brake: F32 = 0.0
    engine_rpm: F32 = 0.0
    gear: I32 = 0
    drag: F32 = 0.0
    wheels: tuple[WheelTelemetry, ...] = ()


@dataclass(frozen=True, kw_only=True)
class VehicleLightState(Wire):
    """A vehicle's lamps, one bit each."""

    flags: U32 = 0
