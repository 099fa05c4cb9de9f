"""What a line is told: speeds, buffers, hands and shifts."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.core import HOUR, Parameters, RequestError, parameter
from simgen.domains.industrial.site.upkeep import Upkeep
from simgen.domains.industrial.site.watching import AlarmRule
from simgen.domains.industrial.telegrams import Telegrams


@dataclass(frozen=True, kw_only=True)
class LineParameters(Parameters):
    """The line at work. Defaults are assumptions."""

    rated_speed: float = parameter(
        600.0, doc="Of the filler.", unit="1/min", minimum=10.0, maximum=3_000.0
    )
    buffering: float = parameter(
        1.0,
        doc="Room between machines over that of the station table.",
        unit="1",
        minimum=0.0,
        maximum=100.0,
        plausible=(0.3, 3.0),
        scale="log",
    )
    jamming: float = parameter(
        1.0,
        doc="Jams per product over those of the station table.",
        unit="1",
        minimum=0.0,
        maximum=100.0,
        plausible=(0.3, 3.0),
        scale="log",
    )
    clearing: float = parameter(
        1.0,
        doc="Time of clearing a jam over that of the station table.",
        unit="1",
        above=0.0,
        maximum=100.0,
        plausible=(0.5, 2.0),
        scale="log",
    )
    n_operators: int = parameter(2, doc="Who clear jams, one at a time each.", minimum=1, maximum=9)
    shift_start: float = parameter(
        6.0, doc="Hour at which the line starts on workdays.", unit="h", minimum=0.0, maximum=24.0
    )
    shift_stop: float = parameter(
        22.0, doc="Hour at which it stops.", unit="h", minimum=0.0, maximum=24.0
    )
    formats: tuple[float, ...] = parameter(
        (1.0, 0.85, 0.6),
        doc="Speed of each format over the rated one: large bottles run slower.",
        minimum=0.1,
        maximum=1.0,
    )
    mean_format_time: float = parameter(
        18.0,
        doc="Mean time of work on one format.",
        unit="h",
        above=0.1,
        maximum=1e4,
        plausible=(4.0, 60.0),
        scale="log",
    )
    mean_changeover_time: float = parameter(
        35.0, doc="Mean time of changing to another format.", unit="min", above=0.0, maximum=1e4
    )

    def check(self) -> None:
        """Refuse a shift that ends before it begins, and formats that are none or alike."""
        if self.shift_stop <= self.shift_start:
            raise RequestError(
                f"shift_stop = {self.shift_stop:g} h is not after "
                f"shift_start = {self.shift_start:g} h: raise it"
            )
        if not self.formats:
            raise RequestError("formats = () leaves nothing to make: give one, such as [1.0]")
        if len(set(self.formats)) < len(self.formats):
            raise RequestError(f"formats = {self.formats} has one twice: leave it out")


@dataclass(frozen=True, kw_only=True)
class LineUpkeep(Upkeep):
    """The policy, two trades and the store. Defaults are assumptions."""

    n_technicians: int = parameter(1, doc="Mechanics of a line.", minimum=1, maximum=100)
    n_electricians: int = parameter(
        1, doc="Electricians of a line; they work in day shifts.", minimum=1, maximum=100
    )
    shift_start: float = parameter(
        6.0, doc="Hour at which mechanics begin.", unit="h", minimum=0.0, maximum=24.0
    )
    shift_stop: float = parameter(
        22.0, doc="Hour at which they end.", unit="h", minimum=0.0, maximum=24.0
    )
    electricians_start: float = parameter(
        7.0, doc="Hour at which electricians begin.", unit="h", minimum=0.0, maximum=24.0
    )
    electricians_stop: float = parameter(
        15.0, doc="Hour at which they end.", unit="h", minimum=0.0, maximum=24.0
    )
    service_interval: float = parameter(
        250.0, doc="Time in use between services.", unit="h", above=0.0, maximum=1e6
    )
    due_share: float = parameter(
        0.6,
        doc="A machine whose service is due by this share is served while another one of the line "
        "is open, if opportunities are used.",
        minimum=0.0,
        maximum=1.0,
    )
    mean_lead_time: float = parameter(
        6.0,
        doc="Mean time until a spare that was ordered arrives.",
        unit="day",
        minimum=0.0,
        maximum=1_000.0,
    )
    mean_inspection_time: float = parameter(
        0.5, doc="Mean time of an inspection.", unit="h", minimum=0.0, maximum=10_000.0
    )
    mean_service_time: float = parameter(
        1.0, doc="Mean time of a service.", unit="h", minimum=0.0, maximum=10_000.0
    )
    mean_replacement_time: float = parameter(
        2.5,
        doc="Mean time of opening and renewing one part.",
        unit="h",
        minimum=0.0,
        maximum=10_000.0,
        plausible=(0.5, 8.0),
        scale="log",
    )
    mean_added_time: float = parameter(
        1.0,
        doc="Mean time of renewing another part meanwhile.",
        unit="h",
        minimum=0.0,
        maximum=10_000.0,
    )

    def check(self) -> None:
        """Refuse shifts that end before they begin."""
        super().check()
        if self.electricians_stop <= self.electricians_start:
            raise RequestError(
                f"electricians_stop = {self.electricians_stop:g} h is not after "
                f"electricians_start = {self.electricians_start:g} h: raise it"
            )


@dataclass(frozen=True, kw_only=True)
class LineWatching(Parameters):
    """What is counted and measured, and when it alarms. Defaults are assumptions."""

    telemetry_interval: float = parameter(
        300.0,
        doc="Time between two rows of telemetry, of which each hour of production is counted.",
        unit="s",
        minimum=10.0,
        maximum=HOUR,
    )
    telegrams: Telegrams = parameter(Telegrams, doc="How telemetry travels.")
    judging_interval: float = parameter(
        8.0, doc="Time over which alarms are judged: a shift.", unit="h", minimum=0.5, maximum=168.0
    )
    horizon: float = parameter(
        100.0,
        doc="Time in use within which a failure counts as near.",
        unit="h",
        above=0.0,
        maximum=1e6,
    )
    detectable_deviations: float = parameter(
        3.0,
        doc="A defect can be seen once current or vibration of a row, or all jams or rejects since "
        "it began, are so many deviations from the usual.",
        unit="1",
        above=0.0,
        maximum=1e3,
    )
    jam_ratio: AlarmRule = parameter(
        AlarmRule(alarm_factor=2.2, baseline_windows=8, persistence=2),
        doc="On jams per thousand products.",
    )
    reject_ratio: AlarmRule = parameter(
        AlarmRule(alarm_factor=2.5, baseline_windows=8, persistence=2),
        doc="On rejects per thousand products, of machines that throw any out.",
    )
    current_ratio: AlarmRule = parameter(
        AlarmRule(alarm_factor=1.06, baseline_windows=8, persistence=2),
        doc="On the current over that of a sound machine at its speed.",
    )
    shaking_ratio: AlarmRule = parameter(
        AlarmRule(alarm_factor=1.35, baseline_windows=8, persistence=2),
        doc="On the vibration over that of a sound machine at its speed.",
    )

    def check(self) -> None:
        """Refuse to judge more often than is counted."""
        if self.judging_interval * HOUR < self.telemetry_interval:
            raise RequestError(
                f"judging_interval = {self.judging_interval:g} h is less than telemetry_interval = "
                f"{self.telemetry_interval:g} s: raise it or lower the other"
            )
