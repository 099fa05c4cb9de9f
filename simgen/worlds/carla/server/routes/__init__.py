"""Every call of the protocol: answered by a route, or refused with a reason."""

from simgen.worlds.carla.server.routes.dispatch import answer as answer
from simgen.worlds.carla.server.routes.refusals import REFUSALS as REFUSALS
from simgen.worlds.carla.server.routes.registry import Route as Route
from simgen.worlds.carla.server.routes.table import ROUTES as ROUTES
