"""OpenDRIVE 1.4 to 1.8: read, checked, as plain data."""

from simgen.worlds.road.opendrive.document import OpenDrive as OpenDrive
from simgen.worlds.road.opendrive.reader import (
    parse_opendrive as parse_opendrive,
    read_opendrive as read_opendrive,
)
