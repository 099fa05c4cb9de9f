import pytest

from simgen.core import RequestError
from simgen.worlds.carla.client.versions import check_versions


@pytest.mark.parametrize(
    ("client", "server"), [("0.9.16", "0.9.16"), ("0.9.15", "0.9.15"), ("0.9.16", "0.9.16-3-gab")]
)
def test_a_version_speaks_with_itself(client, server):
    """Also with a build of its own, whose name says more."""
    check_versions(client, server)


@pytest.mark.parametrize(
    ("client", "server", "text"),
    [
        ("0.9.16", "0.9.15", r"install carla==0\.9\.15"),
        ("0.9.15", "0.9.16", r"install carla==0\.9\.16"),
        ("0.9.14", "0.9.14", "client is 0.9.14"),
        ("0.9.16", "0.10.0", "server is 0.10.0"),
    ],
)
def test_others_are_refused(client, server, text):
    """A packet with another version's numbers would kill the client."""
    with pytest.raises(RequestError, match=text):
        check_versions(client, server)
