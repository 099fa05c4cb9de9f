"""Industrial: machines that wear, fail, are repaired, and are watched by imperfect sensors."""

from simgen.core import Domain
from simgen.domains.industrial.bearing_rig import BearingRig as BearingRig
from simgen.domains.industrial.pump_station import PumpStation as PumpStation

DOMAIN = Domain(
    name="industrial",
    title="Industrial",
    doc="Rotating machines and pump stations: vibration, telemetry, maintenance, failures.",
    package=__name__,
    schemas={"bearing_rig": BearingRig, "pump_station": PumpStation},
)
