"""Sensors of the embedded driving world: no GPU, the same bytes everywhere."""

from simgen.worlds.road.sensors.camera import Camera as Camera, View as View, look as look
from simgen.worlds.road.sensors.lidar import (
    Hits as Hits,
    Lidar as Lidar,
    Sweep as Sweep,
    cast as cast,
    directions as directions,
    scan as scan,
)
from simgen.worlds.road.sensors.poses import Frame as Frame
from simgen.worlds.road.sensors.presets import (
    LIDARS as LIDARS,
    MountedCamera as MountedCamera,
    lidar as lidar,
    nuscenes_cameras as nuscenes_cameras,
)
from simgen.worlds.road.sensors.scenery import scenery as scenery
from simgen.worlds.road.sensors.surfaces import (
    Scene as Scene,
    Surfaces as Surfaces,
    moving as moving,
    still as still,
)
from simgen.worlds.road.sensors.tags import Tag as Tag
