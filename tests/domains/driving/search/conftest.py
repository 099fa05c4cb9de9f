import pytest

from simgen.core import Streams
from simgen.domains.driving import CutIn
from simgen.domains.driving.search.cases import N_NORMALS, cases_of
from simgen.domains.driving.search.encounters import outcomes_of

N_CASES = 20_000


@pytest.fixture(scope="session")
def drawn():
    """Scenario, setting, cut-ins as nature has them, and what came of them."""
    about = CutIn(n_vehicles=0)
    setting = about.setting(about.prepare(Streams(0)))
    rng = Streams(1).generator("cases")
    normals, uniforms = rng.normal(size=(N_CASES, N_NORMALS)), rng.random((N_CASES, 4))
    cases = cases_of(about.cut_in, "cut_in", setting, normals, uniforms)
    return about, setting, cases, outcomes_of(about, setting, cases)
