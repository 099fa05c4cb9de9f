"""A thin layer over SimPy: run to a horizon, watch resources, log events."""

from simgen.des.log import EventLog as EventLog
from simgen.des.resources import MonitoredResource as MonitoredResource
from simgen.des.runs import run as run
