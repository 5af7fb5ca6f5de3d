"""The repository's own content, built in several ways."""

import pytest

from tests.html.built import Built, build_repository


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """For reading from a disk: relative links between sites too."""
    return build_repository(tmp_path_factory, "local")


@pytest.fixture(scope="session")
def public(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """For the web: every site at its own domain."""
    return build_repository(tmp_path_factory, "public")


@pytest.fixture(scope="session")
def paged(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """As `local`, with lists so short that they have several pages."""
    return build_repository(tmp_path_factory, "paged")


@pytest.fixture(scope="session", params=["local", "public", "paged"])
def built(request: pytest.FixtureRequest) -> Built:
    """One after the other."""
    found: Built = request.getfixturevalue(request.param)
    return found
