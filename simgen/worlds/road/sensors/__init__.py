"""Sensors of the embedded driving world: no GPU, the same bytes everywhere."""

from simgen.worlds.road.sensors.actors import (
    Stage as Stage,
    frame_of as frame_of,
    kind_of as kind_of,
    solids as solids,
    tag_of as tag_of,
)
from simgen.worlds.road.sensors.camera import Camera as Camera, View as View, look as look
from simgen.worlds.road.sensors.encoding import (
    Encoded as Encoded,
    encode as encode,
    image_of as image_of,
    sweep_of as sweep_of,
)
from simgen.worlds.road.sensors.gnss import Fix as Fix, Gnss as Gnss
from simgen.worlds.road.sensors.imu import Imu as Imu, Inertial as Inertial
from simgen.worlds.road.sensors.lidar import (
    Drift as Drift,
    Hits as Hits,
    Lidar as Lidar,
    Sweep as Sweep,
    cast as cast,
    directions as directions,
    scan as scan,
)
from simgen.worlds.road.sensors.motion import Motion as Motion
from simgen.worlds.road.sensors.observing import (
    Observation as Observation,
    Observer as Observer,
    Reading as Reading,
)
from simgen.worlds.road.sensors.obstacles import (
    Obstacle as Obstacle,
    ObstacleDetector as ObstacleDetector,
    nearest_obstacle as nearest_obstacle,
)
from simgen.worlds.road.sensors.poses import Frame as Frame
from simgen.worlds.road.sensors.presets import (
    LIDARS as LIDARS,
    lidar as lidar,
)
from simgen.worlds.road.sensors.radar import (
    Detections as Detections,
    Radar as Radar,
    echo as echo,
)
from simgen.worlds.road.sensors.rig import (
    Mount as Mount,
    Rig as Rig,
    Sensor as Sensor,
    make_rig as make_rig,
    rig as rig,
)
from simgen.worlds.road.sensors.scenery import scenery as scenery
from simgen.worlds.road.sensors.skins import Pattern as Pattern, Skin as Skin
from simgen.worlds.road.sensors.surfaces import (
    Scene as Scene,
    Solid as Solid,
    Surfaces as Surfaces,
    moving as moving,
    still as still,
)
from simgen.worlds.road.sensors.tags import Tag as Tag
from simgen.worlds.road.sensors.weather import Weather as Weather
