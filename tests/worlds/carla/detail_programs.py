"""Details that programs for CARLA rely on: run as `python detail_programs.py NAME PORT`.

A process of its own: the client may hang or die, and must not take the tests with it.
"""

import json
import os
import sys

import numpy as np

STEP = 0.05  # [s]


def begin(client, chart="urban_grid"):
    """A fresh world that waits for ticks."""
    world = client.load_world(chart)
    settings = world.get_settings()
    settings.synchronous_mode, settings.fixed_delta_seconds = True, STEP
    world.apply_settings(settings)
    world.tick()
    return world


def car_at(world, place, name="vehicle.tesla.model3"):
    place.location.z += 0.3
    return world.spawn_actor(world.get_blueprint_library().find(name), place)


def centre_of(signal):
    """Where the middle of a signal's trigger volume is in the world."""
    where = signal.trigger_volume.location
    middle = carla.Location(where.x, where.y, where.z)
    signal.get_transform().transform(middle)
    return middle


def volumes(client):
    """Of each map's signals: how far the volume is from a lane, and whether it holds the lane."""
    found = {}
    for chart in ("urban_grid", "roundabout", "highway", "rural"):
        world = begin(client, chart)
        rows = []
        for signal in world.get_actors().filter("traffic.*"):
            middle, volume = centre_of(signal), signal.trigger_volume
            lane = world.get_map().get_waypoint(middle)
            off = lane.transform.location.distance(middle)
            holds = volume.contains(lane.transform.location, signal.get_transform())
            rows.append([off, holds, 2.0 * volume.extent.x - lane.lane_width])
        found[chart] = rows
    return found


LANE = '<lane id="{}" type="driving"><width sOffset="0" a="3.5" b="0" c="0" d="0"/></lane>'
TWO_LANES = f"""<OpenDRIVE><header revMajor="1" revMinor="4"/>
<road name="" length="100" id="1" junction="-1"><planView>
<geometry s="0" x="0" y="0" hdg="0.5" length="100"><line/></geometry></planView>
<lanes><laneSection s="0"><center><lane id="0" type="none" level="false"/></center>
<right>{LANE.format(-1)}{LANE.format(-2)}</right></laneSection></lanes>
<signals><signal s="80" t="-8" id="7" dynamic="yes" orientation="+" zOffset="2.5" type="1000001"
subtype="-1" country="OpenDRIVE" value="-1" hOffset="0" pitch="0" roll="0" height="0.9" width="0.3"
name=""><validity fromLane="-2" toLane="-1"/></signal></signals></road></OpenDRIVE>"""


def lanes(client):
    """The lanes across a light's volume, looked for as scenario_runner does."""
    world = client.generate_opendrive_world(TWO_LANES)
    (light,) = world.get_actors().filter("traffic.traffic_light")
    yaw, volume = np.radians(light.get_transform().rotation.yaw), light.trigger_volume
    found = []
    for x in np.arange(-0.9 * volume.extent.x, 0.9 * volume.extent.x, 1.0):
        point = centre_of(light) + carla.Location(x * np.cos(yaw), x * np.sin(yaw))
        found.append(world.get_map().get_waypoint(point).lane_id)
    return found


def at_lights(client):
    """How often a car was at some light, and how often its front was in that light's volume."""
    world = begin(client)
    lights = world.get_actors().filter("traffic.traffic_light")
    stops = [light.get_stop_waypoints()[0] for light in lights]
    car = car_at(world, stops[0].previous(20.0)[0].transform)
    n_at = n_inside = 0
    for light, stop in zip(lights, stops, strict=True):
        for back in np.arange(0.5, 15.0, 0.5):
            car.set_transform(stop.previous(float(back))[0].transform)
            world.tick()
            if not car.is_at_traffic_light():
                continue
            assert car.get_traffic_light().id == light.id
            front = carla.Location(x=car.bounding_box.extent.x, z=0.5)
            car.get_transform().transform(front)
            n_at += 1
            n_inside += light.trigger_volume.contains(front, light.get_transform())
    return [n_at, n_inside]


def gears(client):
    """Gears that a car tells while it is driven, and its speeds before and after the key M."""
    world = begin(client)
    car = car_at(world, world.get_map().get_spawn_points()[0])
    world.tick()
    told = {"new": car.get_control().gear}

    def drive(count, **control):
        car.apply_control(carla.VehicleControl(**control))
        for _ in range(count):
            world.tick()
        assert car.get_telemetry_data().gear == car.get_control().gear
        return car.get_control().gear

    told["first"] = drive(20, throttle=1.0)
    told["higher"] = drive(100, throttle=1.0)
    before = car.get_velocity().length()
    # What manual_control.py does: the gear that it is told is the one that it shifts to.
    told["manual"] = drive(20, throttle=1.0, manual_gear_shift=True, gear=told["higher"])
    speeds = [before, car.get_velocity().length()]
    told["neutral"] = drive(1, throttle=1.0, manual_gear_shift=True, gear=0)
    told["reverse"] = drive(1, throttle=1.0, reverse=True)
    told["ahead"] = drive(1, brake=1.0) > 0
    return told | {"speeds": speeds}


def attributes(client):
    """The attributes of sensors that say nothing at times of their own, and of one that does."""
    library = client.load_world("parking").get_blueprint_library()
    names = ("collision", "lane_invasion", "gnss")
    return {
        name: library.find(f"sensor.other.{name}").has_attribute("sensor_tick") for name in names
    }


def main():
    client = carla.Client("127.0.0.1", int(sys.argv[2]), worker_threads=4)
    client.set_timeout(20.0)
    sys.stdout.write(json.dumps(globals()[sys.argv[1]](client)) + "\n")
    sys.stdout.flush()
    os._exit(0)  # the client may abort in its destructors


if __name__ == "__main__":
    import carla  # here, since pytest looks for doctests where the wheel may be missing

    main()
