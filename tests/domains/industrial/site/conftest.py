"""The sites that are tested are pump stations."""

from toys.pump_stations import (
    new_station as new_station,
    simulate as simulate,
    simulate_blocks as simulate_blocks,
    station as station,
)
