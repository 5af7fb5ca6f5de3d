"""What all tests share: how hard Hypothesis searches, and a small group on the disk."""

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from gen.plan import artifact
from tests.groups import Folder

_CALM = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture)

settings.register_profile(
    "fast",
    max_examples=12,
    stateful_step_count=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=_CALM,
)
settings.register_profile(
    "thorough",
    max_examples=int(os.environ.get("GEN_EXAMPLES", "12")),
    stateful_step_count=20,
    deadline=None,
    # The same search everywhere, unless somebody asks for a search of his own length.
    derandomize="GEN_EXAMPLES" not in os.environ,
    suppress_health_check=_CALM,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
)
settings.load_profile("fast")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with the most slow tests first, so that no process is left alone with them at the end."""
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: -slow[item.path])


@pytest.fixture
def folder(tmp_path: Path, small_blocks: None) -> Folder:
    """A group that has never been built."""
    del small_blocks
    return Folder(tmp_path / "root")


@pytest.fixture
def built(folder: Folder) -> Folder:
    """A group that has been built without an issue."""
    assert not folder.build().issues
    return folder


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sitemaps and feeds roll over within a dozen documents."""
    monkeypatch.setattr(artifact, "SITEMAP_BLOCK", 3)
    monkeypatch.setattr(artifact, "FEED_LENGTH", 3)
