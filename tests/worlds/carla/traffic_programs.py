"""What a Traffic Manager is told, and what its cars do.

Run as `python traffic_programs.py NAME VALUE PORT`.
A process of its own: the client may hang or die, and must not take the tests with it.
"""

import json
import os
import socket
import sys

STEP = 0.05  # [s]


class Street:
    """A fresh world with a Traffic Manager."""

    def __init__(self, client, chart):
        self.world = client.load_world(chart)
        settings = self.world.get_settings()
        settings.synchronous_mode, settings.fixed_delta_seconds = True, STEP
        self.world.apply_settings(settings)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.manager = client.get_trafficmanager(self.port)
        self.manager.set_synchronous_mode(True)
        self.manager.set_random_device_seed(3)
        self.map = self.world.get_map()
        self.points = self.map.get_spawn_points()

    def car(self, place):
        """A car that the manager drives."""
        blueprint = self.world.get_blueprint_library().find("vehicle.tesla.model3")
        place.location.z += 0.3
        car = self.world.spawn_actor(blueprint, place)
        self.world.tick()
        car.set_autopilot(True, self.port)
        return car

    def lane(self, car):
        """The waypoint where a car is."""
        return self.map.get_waypoint(car.get_location())

    def straight(self):
        """A place with a long way ahead, and a lane to the right that goes the same way."""
        for point in self.points:
            here = self.map.get_waypoint(point.location)
            if here.next(300.0) and goes_with(here, here.get_right_lane()):
                return here
        raise AssertionError("there is no such place")

    def ticks(self, count):
        """Let time pass."""
        for _ in range(count):
            self.world.tick()


def goes_with(here, beside):
    same = beside is not None and beside.lane_id * here.lane_id > 0
    return same and beside.lane_type == carla.LaneType.Driving


def speed(car):
    return car.get_velocity().length()


def pace(street, off):
    """How fast a free car goes that shall be some percent slower, and what is allowed [m/s]."""
    car = street.car(street.straight().transform)
    street.manager.vehicle_percentage_speed_difference(car, off)
    street.manager.auto_lane_change(car, False)
    street.ticks(500)
    return [speed(car), car.get_speed_limit() / 3.6]


def gap(street, wish):
    """What a car keeps to one that stands ahead, from bumper to bumper, at its wish [m]."""
    here = street.straight()
    follower, leader = street.car(here.transform), street.car(here.next(50.0)[0].transform)
    leader.set_autopilot(False, street.port)
    leader.apply_control(carla.VehicleControl(brake=1.0))
    street.manager.auto_lane_change(follower, False)
    street.manager.distance_to_leading_vehicle(follower, wish)
    street.ticks(400)
    between = leader.get_location().distance(follower.get_location())
    return between - leader.bounding_box.extent.x - follower.bounding_box.extent.x


def passing(street, may_change):
    """How often a car changes its lane behind a slow one, if it may and if it may not."""
    here = street.straight()
    car, slow = street.car(here.transform), street.car(here.next(40.0)[0].transform)
    street.manager.auto_lane_change(slow, False)
    street.manager.vehicle_percentage_speed_difference(slow, 80.0)
    street.manager.auto_lane_change(car, bool(may_change))
    return changes(street, car, 250)


def forced(street, right):
    """How often a car changes its lane that is told to, to a side where there is one or none."""
    car = street.car(street.straight().transform)
    street.ticks(60)
    street.manager.force_lane_change(car, bool(right))
    return changes(street, car, 150)


def changes(street, car, n_ticks):
    count, before = 0, street.lane(car)
    for _ in range(n_ticks):
        street.world.tick()
        now = street.lane(car)
        is_same = (now.road_id, now.section_id) == (before.road_id, before.section_id)
        count += is_same and now.lane_id != before.lane_id
        before = now
    return count


def red(street, share):
    """Whether a car stood before a light that stays red, and whether it passed it."""
    lights = street.world.get_actors().filter("traffic.traffic_light")
    street.world.freeze_all_traffic_lights(True)
    for light in lights:
        light.set_state(carla.TrafficLightState.Red)
    stop = lights[0].get_stop_waypoints()[0]
    car = street.car(stop.previous(30.0)[0].transform)
    street.manager.ignore_lights_percentage(car, share)
    stood = passed = False
    for tick in range(300):
        street.world.tick()
        passed = passed or street.lane(car).is_junction
        stood = stood or (tick > 60 and speed(car) < 0.1 and not passed)
    return [stood, passed]


def switched(street, _value):
    """The speed of a car while it drives itself, and after it was told to stop doing so."""
    car = street.car(street.straight().transform)
    street.ticks(100)
    before = speed(car)
    car.set_autopilot(False, street.port)
    car.apply_control(carla.VehicleControl(brake=1.0))
    street.ticks(100)
    return [before, speed(car)]


def main():
    client = carla.Client("127.0.0.1", int(sys.argv[3]), worker_threads=4)
    client.set_timeout(20.0)
    # One world a process: a Traffic Manager does not survive the end of its world.
    street = Street(client, "urban_grid" if sys.argv[1] == "red" else "highway")
    found = globals()[sys.argv[1]](street, float(sys.argv[2]))
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    os._exit(0)  # the client may abort in its destructors


if __name__ == "__main__":
    import carla  # here, since pytest looks for doctests where the wheel may be missing

    main()
