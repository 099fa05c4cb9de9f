"""The controller on board that follows a wanted speed and steering angle.

Two controllers in a row, as CARLA's: the error of speed moves the wanted acceleration, the error
of acceleration moves the pedal. Steering follows at most as fast as asked for.
"""

from __future__ import annotations

import math

from simgen.worlds.carla.protocol.vehicles import AckermannControl, VehicleControl
from simgen.worlds.carla.server.entities import Vehicle
from simgen.worlds.carla.server.episode import Episode

# When the control says none; assumed [m/s2].
_MAX_ACCELERATION, _MAX_DECELERATION = 3.0, 8.0
_STANDING = 0.1  # below this, a wish to stand is met by the brake [m/s]


def ackermann_control(
    episode: Episode, vehicle: Vehicle, wanted: AckermannControl, step: float
) -> VehicleControl:
    """What the controller does for the next step [s]."""
    memory, gains = vehicle.memory, vehicle.ackermann_settings
    speed = _speed(episode, vehicle)
    is_reverse = wanted.speed < 0.0
    ahead, goal = (-speed, -wanted.speed) if is_reverse else (speed, wanted.speed)
    felt = (ahead - memory.speed) / step
    most = abs(wanted.acceleration) or _MAX_ACCELERATION
    error = goal - ahead
    memory.speed_sum += error * step
    memory.acceleration += (
        gains.speed_kp * error
        + gains.speed_ki * memory.speed_sum
        + gains.speed_kd * (error - memory.speed_error) / step
    )
    memory.acceleration = min(max(memory.acceleration, -max(most, _MAX_DECELERATION)), most)
    off = memory.acceleration - felt
    memory.acceleration_sum += off * step
    memory.pedal += (
        gains.acceleration_kp * off
        + gains.acceleration_ki * memory.acceleration_sum
        + gains.acceleration_kd * (off - memory.acceleration_error) / step
    )
    memory.pedal = min(max(memory.pedal, -1.0), 1.0)
    memory.speed, memory.speed_error, memory.acceleration_error = ahead, error, off
    if goal == 0.0 and abs(ahead) < _STANDING:
        memory.pedal, memory.acceleration = -1.0, 0.0
    return VehicleControl(
        throttle=max(memory.pedal, 0.0),
        brake=max(-memory.pedal, 0.0),
        steer=_steer(episode, vehicle, wanted, step),
        reverse=is_reverse,
    )


def _speed(episode: Episode, vehicle: Vehicle) -> float:
    """Along the vehicle [m/s]."""
    x, y, _, _ = episode.ground.velocity(vehicle.number)
    yaw = float(episode.snapshot.rotations[episode.row(vehicle), 0])
    return x * math.cos(yaw) + y * math.sin(yaw)


def _steer(episode: Episode, vehicle: Vehicle, wanted: AckermannControl, step: float) -> float:
    """The share of the greatest angle, positive to the right."""
    greatest = episode.ground.measure(vehicle.number, "max_steer")
    goal = min(max(wanted.steer / greatest, -1.0), 1.0)
    if wanted.steer_speed <= 0.0:
        return goal
    most = wanted.steer_speed * step / greatest
    present = vehicle.control.steer
    return present + min(max(goal - present, -most), most)
