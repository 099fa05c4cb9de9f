"""What actors did, kept in files of the server: written, told about, and done again."""

from simgen.worlds.carla.server.recording.shelf import Shelf as Shelf
from simgen.worlds.carla.server.recording.wish import Wish as Wish
from simgen.worlds.carla.server.recording.writing import Recorder as Recorder
