"""Industrial: machines that wear, fail, are repaired, and are watched by imperfect sensors."""

from simgen.core import Domain
from simgen.domains.industrial import illustrations
from simgen.domains.industrial.bearing_rig import BearingRig as BearingRig
from simgen.domains.industrial.disk_fleet import DiskFleet as DiskFleet
from simgen.domains.industrial.gearbox_line import GearboxLine as GearboxLine
from simgen.domains.industrial.hydraulic_press import HydraulicPress as HydraulicPress
from simgen.domains.industrial.motor_fleet import MotorFleet as MotorFleet
from simgen.domains.industrial.plant import illustrations as plant_illustrations
from simgen.domains.industrial.pump_rig import PumpRig as PumpRig
from simgen.domains.industrial.pump_station import PumpStation as PumpStation

DOMAIN = Domain(
    name="industrial",
    title="Industrial",
    doc="Rotating machines, presses, pumps and disks: vibration, telemetry, upkeep, failures.",
    package=__name__,
    schemas={
        "bearing_rig": BearingRig,
        "disk_fleet": DiskFleet,
        "gearbox_line": GearboxLine,
        "hydraulic_press": HydraulicPress,
        "motor_fleet": MotorFleet,
        "pump_rig": PumpRig,
        "pump_station": PumpStation,
    },
    illustrations={
        "bearing_rig": illustrations.ILLUSTRATIONS,
        "pump_station": plant_illustrations.ILLUSTRATIONS,
    },
)
