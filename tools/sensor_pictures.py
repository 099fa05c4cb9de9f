"""What the sensors see on our five maps: `python -m tools.sensor_pictures`, into docs/pictures."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from simgen.core import Streams
from simgen.worlds.base import OpenWorld, TargetVelocity
from simgen.worlds.road.embedded import EmbeddedWorld, OpenEmbeddedWorld
from simgen.worlds.road.labels import image_boxes
from simgen.worlds.road.pictures import (
    Crowd,
    Ground,
    animated,
    draw_above,
    draw_boxes,
    draw_points,
    gather,
    png,
)
from simgen.worlds.road.sensors import (
    Observation,
    Observer,
    Reading,
    Stage,
    Sweep,
    View,
    Weather,
    make_rig,
)
from simgen.worlds.road.sensors.encoding import tag_palette

Pixels = npt.NDArray[np.uint8]  # red, green, blue (h, w, 3)

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
RIG = make_rig(
    {
        "roof": {"lidar": {"preset": "hdl_64e"}, "position": [0.0, 0.0, 1.95]},
        "front": {
            "camera": {
                "width": 1280, "height": 720, "field_of_view": 75.0,
                "sees": ["colour", "normals", "flow"],
            },
            "position": [0.6, 0.0, 1.5],
        },
    }
)  # fmt: skip
VIEWS = {
    "urban_grid": (Crowd(x=70.0, y=98.0), Weather()),
    "highway": (
        Crowd(x=300.0, y=0.0, n_vehicles=60, apart=17.0, has_cycles=False),
        Weather(sun_azimuth=250.0),
    ),
    "roundabout": (Crowd(x=-45.0, y=-2.0, n_vehicles=22), Weather(cloud_share=0.7)),
    "rural": (Crowd(x=420.0, y=0.0, n_vehicles=14, apart=15.0), Weather(sun_elevation=18.0)),
    "parking": (Crowd(x=1.5, y=14.0, n_vehicles=3, n_parked=130), Weather(cloud_share=0.15)),
}
WEATHERS = {
    "fog": Weather(visibility=90.0, cloud_share=1.0),
    "rain": Weather(wetness=0.8, cloud_share=0.9, visibility=3000.0),
    "evening": Weather(sun_elevation=7.0, sun_azimuth=290.0, cloud_share=0.4),
}


def seen(name: str, crowd: Crowd, weather: Weather) -> Observation:
    """What a car among a crowd sees, on its second look: everybody has moved since the first."""
    with EmbeddedWorld(map=name).open() as world:
        stage = Stage(network=world.network)
        streams = Streams(4).child(name)
        car = gather(world, world.network, crowd, streams)
        observer = Observer(
            RIG, stage, carrier=car, streams=streams.child("sensors"), weather=weather
        )
        for _ in range(2):
            roll(world)
            snapshot = replace(world.sense(), lights=_lights(world))
            observation = observer.observe(snapshot)
    return observation


def _lights(world: OpenEmbeddedWorld) -> tuple[int, ...]:
    """Every other group of traffic lights shows green, the others red."""
    return tuple(2 * (k % 2) for k in range(len(world.network.document.controllers)))


def film(name: str, crowd: Crowd, ground: Ground, *, n_looks: int) -> bytes:
    """From above, a crowd that rolls straight on: ten pictures a second."""
    with EmbeddedWorld(map=name).open() as world:
        stage = Stage(network=world.network)
        gather(world, world.network, crowd, Streams(4).child(name))
        images = []
        for _ in range(n_looks):
            roll(world)
            roll(world)
            images.append(draw_above(stage, world.sense(), ground))
    return animated(images, rate=10.0)


def roll(world: OpenWorld) -> None:
    """One step, in which everybody goes along its own direction."""
    snapshot = world.sense()
    for actor, name, yaw in zip(
        snapshot.actors, snapshot.names, snapshot.rotations[:, 0], strict=True
    ):
        speed = 1.2 if name in {"adult", "elder", "child"} else 8.0
        velocity = TargetVelocity(x=speed * float(np.cos(yaw)), y=speed * float(np.sin(yaw)))
        world.apply(int(actor), velocity)
    world.step()


def reading(observation: Observation, sensor: str) -> Reading:
    """One sensor's."""
    return next(found for found in observation.readings if found.sensor.name == sensor)


def jpeg(image: Pixels) -> bytes:
    """A photograph for a page."""
    file = io.BytesIO()
    Image.fromarray(image).save(file, format="JPEG", quality=84, optimize=True)
    return file.getvalue()


def panels(observation: Observation) -> Pixels:
    """What the front camera sees but colours: depth, tags, instances; normals and flow."""
    view = reading(observation, "front").content
    assert isinstance(view, View)
    assert view.normals is not None
    assert view.flow is not None
    small = slice(None, None, 3)
    shades = np.random.Generator(np.random.PCG64DXSM(2)).integers(80, 256, (4096, 3))
    depth = np.log(view.depth.clip(3.0, 150.0) / 3.0) / np.log(50.0)
    length = np.clip(np.hypot(*np.moveaxis(np.nan_to_num(view.flow), 2, 0)) / 40.0, 0.0, 1.0)
    drawn = (
        np.repeat(255.0 * (1.0 - depth[..., None]), 3, axis=2),
        tag_palette()[view.tags],
        np.where(view.instances[..., None] > 0, shades[view.instances % 4096], 30),
        127.5 + 127.5 * view.normals,
        255.0 * length[..., None] * np.array([1.0, 0.7, 0.25]) + 12.0,
    )
    return (
        np.concatenate([panel[small, small] for panel in drawn], axis=1)
        .clip(0, 255)
        .astype(np.uint8)
    )


def laser_weather() -> Pixels:
    """A turn in clear air, in fog of 90 m, and in rain of 50 mm/h."""
    images = []
    for weather in (Weather(), WEATHERS["fog"], Weather(rain_rate=50.0)):
        sweep = reading(seen("urban_grid", VIEWS["urban_grid"][0], weather), "roof").content
        assert isinstance(sweep, Sweep)
        images.append(draw_points(sweep, reach=40.0, n_pixels=360))
    return np.concatenate(images, axis=1)


def main() -> None:
    """Draw all pictures."""
    for name, (crowd, weather) in VIEWS.items():
        observation = seen(name, crowd, weather)
        view, sweep = (reading(observation, which).content for which in ("front", "roof"))
        assert isinstance(view, View)
        assert isinstance(sweep, Sweep)
        assert view.colour is not None
        write(f"sensor_{name}.jpg", jpeg(view.colour))
        both = [draw_points(sweep, by="intensity"), draw_points(sweep, by="tag")]
        write(f"sensor_{name}_lidar.png", png(np.concatenate(both, axis=1), n_colours=48))
        if name == "urban_grid":
            boxes = image_boxes(observation, reading(observation, "front"))
            write("sensor_boxes.jpg", jpeg(draw_boxes(view.colour, boxes)))
            write("sensor_labels.png", png(panels(observation), n_colours=128))
    for name, weather in WEATHERS.items():
        view = reading(seen("urban_grid", VIEWS["urban_grid"][0], weather), "front").content
        assert isinstance(view, View)
        assert view.colour is not None
        write(f"sensor_{name}.jpg", jpeg(view.colour[::2, ::2]))
    write("sensor_laser_weather.png", png(laser_weather(), n_colours=48))
    crowd = Crowd(x=-45.0, y=-2.0, n_vehicles=26)
    ground = Ground(x=0.0, y=0.0, width=130.0)
    write("sensor_above.gif", film("roundabout", crowd, ground, n_looks=12))


def write(name: str, content: bytes) -> None:
    """Keep a picture."""
    (PICTURES / name).write_bytes(content)


if __name__ == "__main__":
    main()
