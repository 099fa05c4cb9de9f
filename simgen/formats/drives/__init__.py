"""What formats of recorded drives share: episodes with their readings, actors and labels."""

from simgen.formats.drives.drive import (
    EGO as EGO,
    Drive as Drive,
    Happening as Happening,
    Rawfile as Rawfile,
    Taken as Taken,
    pose_of as pose_of,
)
from simgen.formats.drives.places import network_of as network_of
from simgen.formats.drives.poses import (
    inverse as inverse,
    matrix as matrix,
    quaternion as quaternion,
)
from simgen.formats.drives.reading import (
    NEEDS as NEEDS,
    drive_numbers as drive_numbers,
    n_training as n_training,
    read_drive as read_drive,
)
from simgen.formats.drives.rigs import Carried as Carried, carried_by as carried_by
from simgen.formats.drives.timing import rows_apart as rows_apart
from simgen.formats.drives.words import kind_in as kind_in, words as words
