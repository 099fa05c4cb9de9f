"""Sensors against Embree and Mesa: 110 boxes on the town's roads, in one process on one core.

    pip install embreex moderngl    # each comparison is left out where its library is missing

LiDAR: 64 x 1800 rays. Both get the same triangles and rays; Embree builds its tree once for the
roads and boxes together, off the clock, and again each frame in the second line: boxes move.
Camera: 1280 x 720, depth and id, drawn by Mesa's software rasteriser into float and integer
targets and read back. CPU times of the process: Mesa draws on several threads.
Whole frame: in the town among 50 vehicles and 20 people, the sweep, a camera's colours and
instances with sun, shadows and softened edges, boxes in space and in the picture, encoded (.npy,
JPEG, PNG) and written to disk.
Data set: `driving/cut_in` by `generate`: traffic, labels, tables and durable files; a short episode
before it, off the clock, reads the map. The survey rig has 64 x 2083 rays, three cameras of 1.67
times those pixels, radar, receiver and inertial unit; the KITTI rig the same rays, two cameras with
as many pixels as that one, receiver and inertial unit. Both are held against the bar.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from _measure import alternate, emit, medians, verdict

from simgen.core import Streams, data_folder, plain
from simgen.pipeline.generate import generate
from simgen.worlds.road import read_network, shapes
from simgen.worlds.road.embedded import EmbeddedWorld
from simgen.worlds.road.labels import boxes_of, image_boxes
from simgen.worlds.road.mesh import road_mesh
from simgen.worlds.road.pictures import Crowd, gather
from simgen.worlds.road.sensors import (
    Camera,
    Frame,
    Lidar,
    Observer,
    Scene,
    Stage,
    Tag,
    cast,
    directions,
    encode,
    look,
    make_rig,
    moving,
    scan,
    scenery,
    still,
)

N_CARS, N_HOUSES = 50, 60
PLACE = np.array([150.0, 98.0, 1.8])  # on a road of the town [m]
BAR = 2.0  # times as fast
FRAMES = 12.0  # whole ones a second and core
UNIT = Lidar(elevations=tuple(np.linspace(2.0, -24.8, 64)), reach=120.0, range_error=0.02)


def town() -> Scene:
    """The town's roads, with cars and houses as boxes around the sensor."""
    generator = np.random.Generator(np.random.PCG64DXSM(1))
    n_boxes = N_CARS + N_HOUSES
    car = np.arange(n_boxes) < N_CARS
    angle, distance = generator.uniform(0, 2 * np.pi, n_boxes), generator.uniform(12, 110, n_boxes)
    half = np.where(car[:, None], [2.3, 0.95, 0.8], [5.0, 5.0, 8.0])
    centres = np.column_stack(
        [PLACE[0] + distance * np.cos(angle), PLACE[1] + distance * np.sin(angle), half[:, 2]]
    )
    boxes = shapes.boxes(centres, half, generator.uniform(0, 2 * np.pi, n_boxes))
    tags = np.where(car, Tag.CAR, Tag.BUILDING)
    roads = road_mesh(read_network(data_folder("assets") / "maps" / "urban_grid.xodr"))
    return Scene(still=still(roads), moving=moving(list(boxes), tags, np.arange(1, n_boxes + 1)))


def embree(corners: Any, rays: Any) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """Casting, and building with casting."""
    from embreex.mesh_construction import TriangleMesh  # noqa: PLC0415 - only where installed
    from embreex.rtcore_scene import EmbreeScene  # noqa: PLC0415 - same

    def build() -> Any:
        scene = EmbreeScene()
        TriangleMesh(scene, corners)
        return scene

    origins = np.broadcast_to(PLACE.astype(np.float32), rays.shape).copy()
    built = build()

    def run(scene: Any) -> Any:
        return scene.run(origins, rays, query="DISTANCE")

    run(built)
    return lambda: run(built), lambda: run(build())


def compare_lidar(scene: Scene) -> None:
    """Print times, the ratio, and how many ranges are equal."""
    pose = Frame.turned(PLACE, yaw=0.3)
    key = Streams(1).key("lidar")
    works: dict[str, Callable[[], Any]] = {
        "ours": lambda: cast(UNIT, scene, pose),
        "ours, with returns": lambda: scan(UNIT, scene, pose, key, 0),
    }
    if found := find_spec("embreex"):
        corners = np.concatenate([scene.still.corners, scene.moving.corners]).astype(np.float32)
        rays = (directions(UNIT).reshape(-1, 3) @ pose.axes.T).astype(np.float32)
        works["embree"], works["embree, with its tree"] = embree(corners, rays)
    took = {
        name: medians(rounds).cpu
        for name, rounds in alternate(works, after=int, n_rounds=15).items()
    }
    for name, spent in took.items():
        print(f"lidar, {name:24}{spent * 1e3:8.2f} ms")
    if not found:
        print("embreex is not installed: no comparison")
        return
    theirs = np.asarray(works["embree"](), np.float64)
    ours = works["ours"]().ranges.ravel()
    theirs[theirs > UNIT.reach] = np.inf
    equal = float(np.isclose(ours, theirs, rtol=0.0, atol=0.01).mean())
    print(f"ranges equal within 1 cm: {100 * equal:.3f} %")
    print("lidar:", verdict(took["embree"] / took["ours"], BAR))
    emit("lidar", ratio=took["embree"] / took["ours"], equal=equal, ours=took["ours"])


def compare_camera(scene: Scene) -> None:
    """Print times and the ratio."""
    camera, pose = Camera(), Frame.turned(PLACE, yaw=0.3).optical()
    view = look(camera, scene, pose)
    works: dict[str, Callable[[], Any]] = {"ours": lambda: look(camera, scene, pose, into=view)}
    if found := find_spec("moderngl"):
        works["mesa"] = mesa(scene, camera, pose)
    took = {
        name: medians(rounds).cpu
        for name, rounds in alternate(works, after=int, n_rounds=15).items()
    }
    for name, spent in took.items():
        print(f"camera, {name:23}{spent * 1e3:8.2f} ms")
    if not found:
        print("moderngl is not installed: no comparison")
        return
    depth, ids = works["mesa"]()
    equal = float((np.isfinite(view.depth) == (depth > 0)).mean())
    same = float((view.instances == ids).mean())
    print(f"same pixels covered: {100 * equal:.3f} %, same ids: {100 * same:.3f} %")
    print("camera:", verdict(took["mesa"] / took["ours"], BAR))
    emit("camera", ratio=took["mesa"] / took["ours"], same_ids=same, ours=took["ours"])


VERTEX = """#version 330
in vec3 place; in int thing; flat out int id; out float depth;
uniform mat4 view; uniform vec4 lens; uniform vec2 planes;
void main() {
    vec3 p = (view * vec4(place, 1.0)).xyz;
    id = thing; depth = p.z;
    float a = (planes.y + planes.x) / (planes.y - planes.x);
    float b = -2.0 * planes.y * planes.x / (planes.y - planes.x);
    gl_Position = vec4(lens.x * p.x + lens.z * p.z, lens.y * p.y + lens.w * p.z, a * p.z + b, p.z);
}"""
FRAGMENT = """#version 330
flat in int id; in float depth; layout(location = 0) out float z; layout(location = 1) out int n;
void main() { z = depth; n = id; }"""


def mesa(scene: Scene, camera: Camera, pose: Frame) -> Callable[[], tuple[Any, Any]]:
    """Draw the same triangles by OpenGL without a screen; depth and instance are read back."""
    import moderngl  # noqa: PLC0415 - only where installed

    context = moderngl.create_standalone_context(backend="egl")
    print("OpenGL:", context.info["GL_RENDERER"])
    program = context.program(vertex_shader=VERTEX, fragment_shader=FRAGMENT)
    size = (camera.width, camera.height)
    view = np.eye(4, dtype=np.float32)
    view[:3, :3], view[:3, 3] = pose.axes.T, -pose.axes.T @ pose.position
    program["view"].write(np.ascontiguousarray(view.T))
    program["planes"].value = (camera.near, camera.far)
    # Row 0 is the first of the image: y is down in both, so nothing is turned over.
    program["lens"].value = (
        2.0 * camera.focal_x / size[0], 2.0 * camera.focal_y / size[1],
        2.0 * camera.centre_x / size[0] - 1.0, 2.0 * camera.centre_y / size[1] - 1.0,
    )  # fmt: skip
    corners = np.concatenate([scene.still.corners, scene.moving.corners]).astype(np.float32)
    places = context.buffer(corners.tobytes())
    things = context.buffer(np.repeat(scene.instances, 3).astype(np.int32).tobytes())
    arrays = context.vertex_array(program, [(places, "3f", "place"), (things, "1i", "thing")])
    depth, ids = context.texture(size, 1, dtype="f4"), context.texture(size, 1, dtype="i4")
    target = context.framebuffer([depth, ids], context.depth_renderbuffer(size))
    context.enable(moderngl.DEPTH_TEST)

    def draw() -> tuple[Any, Any]:
        target.use()
        target.clear()
        arrays.render()
        shape = (size[1], size[0])
        return (
            np.frombuffer(depth.read(), np.float32).reshape(shape),
            np.frombuffer(ids.read(), np.int32).reshape(shape),
        )

    return draw


def write_frames() -> None:
    """Print how many whole labelled frames there are a second, and what they are made of."""
    rig = make_rig(
        {
            "roof": {"lidar": plain(UNIT), "position": [0.0, 0.0, 1.95]},
            "front": {
                "camera": {"field_of_view": 70.0, "sees": ["colour", "instances"]},
                "position": [0.6, 0.0, 1.5],
            },
        }
    )
    with (
        EmbeddedWorld(map="urban_grid").open() as world,
        tempfile.TemporaryDirectory() as folder,
    ):
        crowd = Crowd(x=150.0, y=98.0, n_vehicles=50, n_walkers=20)
        car = gather(world, world.network, crowd, Streams(1))
        stage = Stage(network=world.network)
        observer = Observer(rig, stage, carrier=car, streams=Streams(1).child("sensors"))
        parts: dict[str, list[float]] = {"look": [], "label": [], "encode": [], "write": []}
        for number in range(21):
            world.step()
            snapshot, times = world.sense(), [time.process_time()]
            seen = observer.observe(snapshot)
            times.append(time.process_time())
            boxes = boxes_of(seen)
            flat = image_boxes(seen, seen.readings[1])
            times.append(time.process_time())
            files = [
                (f"{reading.sensor.name}_{file.part}.{file.suffix}", file.content)
                for reading in seen.readings
                for file in encode(reading)
            ]
            times.append(time.process_time())
            for name, content in files:
                Path(folder, f"{number:03d}_{name}").write_bytes(content)
            np.savez(Path(folder, f"{number:03d}.npz"), **_arrays(boxes), **_arrays(flat))
            times.append(time.process_time())
            if number:  # the first one compiles
                for part, begin, end in zip(parts, times, times[1:], strict=False):
                    parts[part].append(end - begin)
    took = {part: median(spent) for part, spent in parts.items()}
    for part, time_taken in took.items():
        print(f"frame, {part:24}{time_taken * 1e3:8.2f} ms")
    rate = 1.0 / median(map(sum, zip(*parts.values(), strict=True)))
    print("frames a second:", verdict(rate, FRAMES))
    emit("frame", rate=rate, **took)


def write_dataset(rig_name: str) -> None:
    """Print how many frames of a rig a data set gets a CPU second."""
    scenario = {"sensors": rig_name, "difficulty": False, "quiet": True, "seed": 3}
    with tempfile.TemporaryDirectory() as folder:
        generate("driving/cut_in", out=f"{folder}/first", n_episodes=1, duration=2.0, **scenario)
        wall, cpu = time.perf_counter(), time.process_time()
        made = generate(
            "driving/cut_in", out=f"{folder}/made", n_episodes=3, duration=6.0, **scenario
        )
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        n_frames, n_files = made.table("frames").num_rows, made.manifest["raw"]["files"]
    rate = n_frames / cpu
    print(f"data set, {rig_name}: {n_frames} frames, {n_files} files")
    print("frames a CPU second:", verdict(rate, FRAMES))
    emit(f"dataset_{rig_name}", rate=rate, wall_rate=n_frames / wall)


def _arrays(labels: Any) -> dict[str, Any]:
    """Those of the labels' fields that are arrays."""
    return {
        f"{type(labels).__name__}_{name}": value
        for name, value in vars(labels).items()
        if isinstance(value, np.ndarray)
    }


if __name__ == "__main__":
    write_frames()
    write_dataset("survey")
    write_dataset("kitti")
    compare_lidar(town())
    compare_camera(town())
    whole = Scene(
        still=scenery(read_network(data_folder("assets") / "maps" / "urban_grid.xodr")),
        moving=town().moving,
    )
    print(f"with all scenery, {len(whole.still.corners)} triangles:")
    compare_camera(whole)
