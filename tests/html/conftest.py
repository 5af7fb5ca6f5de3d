"""The repository's own content, built once each way."""

import pytest

from tests.html.built import Built, build_repository


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """For reading from a disk: relative links between sites too."""
    return build_repository(tmp_path_factory, local=True)


@pytest.fixture(scope="session")
def public(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """For the web: every site at its own domain."""
    return build_repository(tmp_path_factory, local=False)


@pytest.fixture(scope="session", params=["local", "public"])
def built(request: pytest.FixtureRequest) -> Built:
    """Both, one after the other."""
    found: Built = request.getfixturevalue(request.param)
    return found
