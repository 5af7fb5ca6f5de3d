"""Two workers for all tests that do them no harm, and a group in Git."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.machines import Machines, Server, send_everything
from tests.groups import Folder, document


@pytest.fixture(scope="session")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with Machines(tmp_path_factory.mktemp("machines") / "all") as made:
        made.work(2)
        yield made


@pytest.fixture
def own_machines(tmp_path: Path) -> Iterator[Machines]:
    """A scheduler of a test's own."""
    with Machines(tmp_path / "machines") as made:
        yield made


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(Folder(tmp_path / "server"))


@pytest.fixture
def twin(tmp_path: Path) -> Server:
    """The same group on a machine that builds alone."""
    return Server(Folder(tmp_path / "twin"))


@pytest.fixture
def everything_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    send_everything(monkeypatch)


def more_documents() -> dict[str, bytes | None]:
    """So many that there is a middle to kill workers in."""
    text = "示例，共四十行。\n" * 40
    return {
        f"content/edu/news/2024/{number}.md": document(
            f"示例第{number}号", f"2024-01-{number % 28 + 1:02d}", text
        )
        for number in range(150)
    }
