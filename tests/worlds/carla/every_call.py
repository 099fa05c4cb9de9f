"""Each call that is answered, made by the official client: run as `python every_call.py PORT`.

The functions of `calls_of_*.py` make the call of their own name and assert what came of it, in the
order in which they stand there. Prints which failed, and how.
"""

import importlib
import json
import os
import sys

STEP = 0.05  # [s]
MODULES = ("calls_of_world", "calls_of_actors", "calls_of_vehicles", "calls_of_others")


class Stage:
    """A town with a car, another one far away, and somebody on foot."""

    def __init__(self):
        self.carla = carla
        self.client = carla.Client("127.0.0.1", int(sys.argv[1]), worker_threads=8)
        self.client.set_timeout(20.0)
        self.begin()

    def begin(self, chart="urban_grid"):
        """A fresh world."""
        self.world = self.client.load_world(chart)
        self.synchronize()
        self.blueprints = self.world.get_blueprint_library()
        self.points = self.world.get_map().get_spawn_points()
        self.car = self.spawn(0)
        self.other = self.spawn(60)
        place = self.points[20]
        walker = self.blueprints.find("walker.pedestrian.0001")
        self.walker = self.world.spawn_actor(walker, place)
        self.ticks(10)

    def synchronize(self):
        """Let the world wait for ticks."""
        settings = self.world.get_settings()
        settings.synchronous_mode, settings.fixed_delta_seconds = True, STEP
        self.world.apply_settings(settings)

    def spawn(self, number):
        """A car at a place of the map."""
        blueprint = self.blueprints.find("vehicle.tesla.model3")
        return self.world.spawn_actor(blueprint, self.points[number])

    def ticks(self, count=1):
        """Let some steps pass; the last frame."""
        for _ in range(count):
            frame = self.world.tick()
        return frame

    def light(self):
        """The first traffic light."""
        return self.world.get_actors().filter("traffic.traffic_light")[0]

    @staticmethod
    def near(one, other, most=0.05):
        """Two numbers differ by little."""
        assert abs(one - other) <= most, f"{one} is not {other}"

    @staticmethod
    def refused(work, text):
        """Some work fails with a text."""
        found = ""
        try:
            work()
        except RuntimeError as error:
            found = str(error)
        assert text in found, found


def calls():
    """All functions by name; those that help others begin with an underscore."""
    found = {}
    for name in MODULES:
        module = importlib.import_module(name)
        found |= {key: work for key, work in vars(module).items() if _is_call(module, key, work)}
    return found


def _is_call(module, name, work):
    return getattr(work, "__module__", "") == module.__name__ and not name.startswith("_")


def main():
    stage, failed = Stage(), {}
    for name, work in calls().items():
        try:
            work(stage)
        except Exception as error:  # noqa: BLE001 - each is told, whatever it is
            failed[name] = f"{type(error).__name__}: {error}"
    sys.stdout.write(json.dumps({"made": list(calls()), "failed": failed}) + "\n")
    sys.stdout.flush()
    os._exit(0)  # the client may abort in its destructors


if __name__ == "__main__":
    import carla  # here, since pytest looks for doctests where the wheel may be missing

    main()
