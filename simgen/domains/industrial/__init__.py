"""Industrial: machines that wear, fail, are repaired, and are watched by imperfect sensors."""

from typing import Any

from simgen.core import Domain, Scenario
from simgen.domains.industrial.bearing_rig import BearingRig as BearingRig
from simgen.domains.industrial.circuit import illustrations as circuit_illustrations
from simgen.domains.industrial.compressor_station import (
    CompressorStation as CompressorStation,
)
from simgen.domains.industrial.compressors import illustrations as compressor_illustrations
from simgen.domains.industrial.disk_fleet import DiskFleet as DiskFleet
from simgen.domains.industrial.disks import illustrations as disk_illustrations
from simgen.domains.industrial.fleet.illustrations import fleet_illustrations
from simgen.domains.industrial.gearbox_line import GearboxLine as GearboxLine
from simgen.domains.industrial.gears.lookalikes import GearLookAlikes
from simgen.domains.industrial.gears.signals import GearSignals
from simgen.domains.industrial.hydraulic_press import HydraulicPress as HydraulicPress
from simgen.domains.industrial.milling import illustrations as milling_illustrations
from simgen.domains.industrial.milling_cell import MillingCell as MillingCell
from simgen.domains.industrial.motor_fleet import MotorFleet as MotorFleet
from simgen.domains.industrial.motors.lookalikes import MotorLookAlikes
from simgen.domains.industrial.motors.signals import MotorSignals
from simgen.domains.industrial.packaging import illustrations as packaging_illustrations
from simgen.domains.industrial.packaging_line import PackagingLine as PackagingLine
from simgen.domains.industrial.pictures import pictures
from simgen.domains.industrial.presses.lookalikes import PressLookAlikes
from simgen.domains.industrial.presses.signals import PressSignals
from simgen.domains.industrial.pump_rig import PumpRig as PumpRig
from simgen.domains.industrial.pump_station import PumpStation as PumpStation
from simgen.domains.industrial.pumps import illustrations as pump_illustrations
from simgen.domains.industrial.rig import illustrations as rig_illustrations

SCHEMAS: dict[str, type[Scenario[Any]]] = {
    "bearing_rig": BearingRig,
    "compressor_station": CompressorStation,
    "disk_fleet": DiskFleet,
    "gearbox_line": GearboxLine,
    "hydraulic_press": HydraulicPress,
    "milling_cell": MillingCell,
    "motor_fleet": MotorFleet,
    "packaging_line": PackagingLine,
    "pump_rig": PumpRig,
    "pump_station": PumpStation,
}

DOMAIN = Domain(
    name="industrial",
    title="Industrial",
    doc="Rotating machines, presses, pumps and disks: vibration, telemetry, upkeep, failures.",
    package=__name__,
    pictures=pictures(SCHEMAS.values()),
    schemas=SCHEMAS,
    illustrations={
        "bearing_rig": rig_illustrations.ILLUSTRATIONS,
        "compressor_station": compressor_illustrations.ILLUSTRATIONS,
        "disk_fleet": disk_illustrations.ILLUSTRATIONS,
        "gearbox_line": fleet_illustrations(GearSignals, GearLookAlikes),
        "hydraulic_press": fleet_illustrations(PressSignals, PressLookAlikes),
        "milling_cell": milling_illustrations.ILLUSTRATIONS,
        "motor_fleet": fleet_illustrations(MotorSignals, MotorLookAlikes),
        "packaging_line": packaging_illustrations.ILLUSTRATIONS,
        "pump_rig": circuit_illustrations.ILLUSTRATIONS,
        "pump_station": pump_illustrations.ILLUSTRATIONS,
    },
)
