"""A pump station in pictures."""

from __future__ import annotations

from simgen.domains.industrial.pumps.components import KINDS
from simgen.domains.industrial.pumps.words import STRAINER
from simgen.domains.industrial.site.illustrations import SitePictures

ILLUSTRATIONS = SitePictures(
    noun="pump",
    shown={
        "vibration": "vibration [mm/s]",
        "temperature": "bearing [degree Celsius]",
        "flow": "flow [m3/h]",
        "power": "power [kW]",
    },
    kinds=KINDS,
    marked=("sensor_fault", STRAINER),
).chapters
