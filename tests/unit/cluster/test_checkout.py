"""A worker's copy of the repository is the commit that it was asked for, whatever was there."""

from pathlib import Path

import pytest

from gen.cluster.checkout import CheckoutError, check_out, origin, prefix
from gen.errors import GenError
from tests.cluster.machines import git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    made = tmp_path / "repository"
    made.mkdir()
    git(made, "init", "--quiet")
    (made / "gone.md").write_text("1")
    commit(made, "first")
    return made


def commit(repository: Path, text: str) -> str:
    (repository / "a.md").write_text(text)
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", text)
    return git(repository, "rev-parse", "HEAD")


def test_a_copy_moves_from_commit_to_commit(repository: Path, tmp_path: Path) -> None:
    first = git(repository, "rev-parse", "HEAD")
    (repository / "gone.md").unlink()
    second = commit(repository, "second")
    for wanted, text, files in ((first, "first", 2), (second, "second", 1), (first, "first", 2)):
        check_out(tmp_path / "tree", str(repository), wanted)
        assert (tmp_path / "tree" / "a.md").read_text() == text
        assert len(list((tmp_path / "tree").glob("*.md"))) == files


def test_a_copy_that_was_cut_short_is_made_anew(repository: Path, tmp_path: Path) -> None:
    head = git(repository, "rev-parse", "HEAD")
    check_out(tmp_path / "tree", str(repository), head)
    (tmp_path / "tree.commit").unlink()
    (tmp_path / "tree" / ".git" / "index.lock").touch()
    check_out(tmp_path / "tree", str(repository), head)
    assert (tmp_path / "tree" / "a.md").read_text() == "first"


def test_a_copy_that_is_spoilt_is_made_anew(repository: Path, tmp_path: Path) -> None:
    check_out(tmp_path / "tree", str(repository), git(repository, "rev-parse", "HEAD"))
    (tmp_path / "tree" / ".git" / "index").write_bytes(b"spoilt")
    check_out(tmp_path / "tree", str(repository), commit(repository, "second"))
    assert (tmp_path / "tree" / "a.md").read_text() == "second"


@pytest.mark.parametrize("wanted", ["0" * 40, "nonsense"])
def test_a_commit_that_is_not_there_is_told(wanted: str, repository: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckoutError):
        check_out(tmp_path / "tree", str(repository), wanted)
    check_out(tmp_path / "tree", str(repository), git(repository, "rev-parse", "HEAD"))


def test_a_group_knows_where_it_lies_and_where_it_came_from(repository: Path) -> None:
    with pytest.raises(GenError):
        origin(repository)
    git(repository, "remote", "add", "origin", "https://example.gov.cn/content.git")
    (repository / "group").mkdir()
    assert origin(repository / "group") == "https://example.gov.cn/content.git"
    assert (prefix(repository), prefix(repository / "group")) == ("", "group/")
