"""The controller on board that follows a wanted speed and steering angle, as CARLA's does.

Two controllers in a row: the error of speed moves the wanted acceleration, the error of
acceleration, which is smoothed, moves the pedal; what one adds in a step is within 1. Steering
follows at most as fast as asked for. After `AckermannController` of CARLA 0.9.16.
"""

from __future__ import annotations

import math

from simgen.worlds.carla.protocol.vehicles import AckermannControl, VehicleControl
from simgen.worlds.carla.server.entities import Vehicle
from simgen.worlds.carla.server.episode import Episode

_MAX_ACCELERATION, _MAX_DECELERATION = 3.0, 8.0  # when the control says none [m/s2]
_STANDING = 0.1  # below it a vehicle stands, and may change its direction [m/s]
_SMOOTHING = 0.8  # share of the last acceleration in the next


def ackermann_control(
    episode: Episode, vehicle: Vehicle, wanted: AckermannControl, step: float
) -> VehicleControl:
    """What the controller does for the next step [s]."""
    memory, speed = vehicle.memory, _speed(episode, vehicle)
    steer = _steer(episode, vehicle, wanted, step)
    last_felt, last_speed = memory.felt, memory.speed
    memory.felt = _SMOOTHING * last_felt + (1.0 - _SMOOTHING) * (speed - last_speed) / step
    memory.speed = speed
    if max(abs(speed), abs(wanted.speed)) < _STANDING:
        return VehicleControl(steer=steer, brake=1.0, reverse=memory.is_reverse)
    goal = wanted.speed
    if abs(speed) < _STANDING:
        memory.is_reverse = goal < 0.0
    elif speed * goal < 0.0:
        goal = 0.0  # it has to stand before it goes the other way
    _think(vehicle, wanted, goal, (last_speed, last_felt), step)
    ahead = -memory.pedal if memory.is_reverse else memory.pedal
    return VehicleControl(
        throttle=max(ahead, 0.0), brake=max(-ahead, 0.0), steer=steer, reverse=memory.is_reverse
    )


def _think(
    vehicle: Vehicle,
    wanted: AckermannControl,
    goal: float,
    last: tuple[float, float],
    step: float,
) -> None:
    """Move the wanted acceleration, then the pedal.

    Args:
        vehicle: whose controller.
        wanted: what the driver does.
        goal: the speed to come to. [m/s]
        last: speed [m/s] and acceleration [m/s2] in the step before.
        step: [s]
    """
    memory, gains = vehicle.memory, vehicle.ackermann_settings
    error = goal - memory.speed
    memory.speed_sum = _within_one(memory.speed_sum + gains.speed_ki * error * step)
    change = gains.speed_kp * error + memory.speed_sum
    change -= gains.speed_kd * (memory.speed - last[0]) / step
    most = abs(wanted.acceleration)
    low, high = (-most, most) if most >= 1e-4 else (-_MAX_DECELERATION, _MAX_ACCELERATION)
    memory.acceleration = min(max(memory.acceleration + _within_one(change), low), high)
    off = memory.acceleration - memory.felt
    memory.acceleration_sum = _within_one(
        memory.acceleration_sum + gains.acceleration_ki * off * step
    )
    change = gains.acceleration_kp * off + memory.acceleration_sum
    change -= gains.acceleration_kd * (memory.felt - last[1]) / step
    memory.pedal = _within_one(memory.pedal + _within_one(change))


def _within_one(value: float) -> float:
    return min(max(value, -1.0), 1.0)


def _speed(episode: Episode, vehicle: Vehicle) -> float:
    """Along the vehicle [m/s]."""
    row = episode.snapshot.row(vehicle.number)
    if row is None:
        return 0.0  # it left the plane in this step
    x, y, _, _ = episode.ground.velocity(vehicle.number)
    yaw = float(episode.snapshot.rotations[row, 0])
    return x * math.cos(yaw) + y * math.sin(yaw)


def _steer(episode: Episode, vehicle: Vehicle, wanted: AckermannControl, step: float) -> float:
    """The share of the greatest angle, positive to the right."""
    greatest = episode.ground.measure(vehicle.number, "max_steer")
    goal = _within_one(wanted.steer / greatest)
    most = abs(wanted.steer_speed) * step / greatest
    if most == 0.0:
        return goal
    present = vehicle.control.steer
    return present + min(max(goal - present, -most), most)
