import pytest

from simgen.core import Streams, changed
from simgen.domains.driving import CutIn
from simgen.domains.driving.search.cases import N_NORMALS, SLOWEST, cases_of


def drawn(about, n):
    """Cut-ins as nature has them, and their setting."""
    setting = about.setting(about.prepare(Streams(0)))
    rng = Streams(2).generator("cases")
    normals, uniforms = rng.normal(size=(n, N_NORMALS)), rng.random((n, 4))
    return cases_of(about.cut_in, "cut_in", setting, normals, uniforms), setting


def test_cases_begin_where_an_episode_can():
    """On tracks with a lane beside them, every one of them, and from both sides."""
    cases, setting = drawn(CutIn(), 2_000)
    records = setting.town.tracks.records[cases["track"]]

    assert set(cases["track"]) == set(setting.starts)
    assert ((cases["lane"] == records["left"]) | (cases["lane"] == records["right"])).all()
    assert (cases["lane"] >= 0).all()
    assert set(cases["kind"]) == {0, 1, 2}
    assert cases["wait"].min() >= 0.1 * 20.0
    assert cases["wait"].max() <= 0.5 * 20.0


def test_a_heavy_ego_begins_no_faster_than_it_can():
    """Trucks are limited to 90 km/h, so its cases are."""
    cases, _ = drawn(changed(CutIn(), {"ego.kind": "truck"}), 500)

    assert cases["speed"].max() == pytest.approx(25.0)
    assert (cases["speed"] - cases["closing_speed"] >= SLOWEST * cases["speed"] - 1e-9).all()
