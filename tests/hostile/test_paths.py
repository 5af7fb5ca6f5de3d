"""File names and links that lead elsewhere: nothing outside a site's folder is read, nothing outside its output written."""

import os
import subprocess
from pathlib import Path

import pytest

from gen import report
from tests.groups import Folder
from tests.hostile.harness import attack
from tests.invalid.cases import PLACE, doc, sound_files

SECRET = "机密0792"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "secret.md").write_text(doc(body=SECRET).decode(), encoding="utf-8")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "s.txt").write_text(SECRET, encoding="utf-8")
    return Folder(tmp_path / "root", sound_files())


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("content/edu/news/s.md", "secret.md"),
        ("content/edu/news/s.txt", "secret/s.txt"),
        ("content/edu/news/a", "secret"),
        ("content/edu/news/deep", "secret"),
        ("content/edu/news/loop", "root/content/edu"),
        ("content/edu/news/self", "root/content/edu/news/self"),
        ("content/edu/news/dangling.md", "nowhere.md"),
        ("content/edu/news/device.txt", "/dev/zero"),
        ("content/edu/news/passwd.txt", "/etc/passwd"),
        ("content/edu/_files", "secret"),
    ],
)
def test_a_symbolic_link_is_refused_and_its_target_not_read(folder: Folder, link: str, target: str) -> None:
    (folder.root / link).symlink_to(target if target.startswith("/") else folder.root.parent / target)
    found = attack(folder)
    assert found.codes == {"content.not_a_file"}
    assert {issue.path for issue in found.issues} == {link}
    assert not any(SECRET.encode() in data for data in found.tree.values())


def test_a_site_folder_that_is_a_link_is_refused(folder: Folder) -> None:
    (folder.root / "content/edu").rename(folder.root.parent / "elsewhere")
    (folder.root / "content/edu").symlink_to(folder.root.parent / "elsewhere")
    found = attack(folder, sites=frozenset({"edu", ""}))
    assert any(issue.is_error and issue.path == "content/edu" for issue in found.issues)
    assert not any("开学".encode() in data for data in found.tree.values())


def test_a_pipe_neither_hangs_the_build_nor_is_published(folder: Folder) -> None:
    os.mkfifo(folder.root / "content/edu/news/pipe.md")
    assert attack(folder).codes == {"content.not_a_file"}


def test_a_folder_named_like_a_document_is_a_folder(folder: Folder) -> None:
    assert not attack(folder, {"content/edu/news/x.md/y.md": doc()}).issues


BAD_NAMES = {
    "new\nline.md": "content.bad_name",
    "bell\x07.md": "content.bad_name",
    "escape\x1b[2J.md": "content.bad_name",
    "right\u202eto-left.md": "content.bad_name",
    "back\\slash.md": "content.bad_name",
    "%2e%2e%2fx.md": "content.bad_name",
    "que?ry.md": "content.bad_name",
    "ha#sh.md": "content.bad_name",
    " lead.md": "content.bad_name",
    "trail /x.md": "content.bad_name",
    "dots./x.md": "content.bad_name",
    "con:x.md": "content.bad_name",
    "é".encode().decode().replace("é", "e\u0301") + ".md": "content.not_nfc",
    "x.html/y.md": "content.bad_folder",
    "长" * 70 + ".md": "content.long_name",
    "feed.md": "content.reserved_slug",
    "PAGE-1.md": "content.reserved_slug",
}


def test_bad_names_are_told_in_one_line_and_fail_their_site_only(folder: Folder) -> None:
    found = attack(folder, {f"content/edu/news/{name}": doc() for name in BAD_NAMES})
    for name, code in BAD_NAMES.items():
        assert found.codes_of(f"edu/news/{name}") == {code}, name
    assert all(report.line(issue, "zh").isprintable() for issue in found.issues)


@pytest.mark.parametrize(
    "name",
    ["-rf.md", "CON.md", "两 字.md", "a&b'c.md", "+.md", "~x.md", "a=b;c.md", "@.md", "$(id).md", "{{x}}.md"],
)
def test_an_unusual_name_is_a_page_like_any_other(folder: Folder, name: str) -> None:
    found = attack(folder, {f"content/edu/news/{name}": doc(), PLACE: doc(body=f"[x](<{name}>)\n")})
    assert not found.issues
    assert f"edu/news/{name[:-3]}.html" in found.tree


@pytest.mark.parametrize("in_git", [False, True])
def test_a_name_that_is_not_utf8_fails_its_site_only(folder: Folder, in_git: bool) -> None:
    if in_git:
        subprocess.run(["git", "init", "-q"], cwd=folder.root, check=True)
    with open(os.fsencode(folder.root) + b"/content/edu/news/\xff.md", "wb") as stream:
        stream.write(doc())
    for _ in range(2):
        assert attack(folder).failed == {"edu"}


TARGETS = [
    "../../../../../../etc/passwd",
    "%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "..%2f..%2f..%2f..%2fetc/passwd",
    "..%5c..%5c..%5cx",
    "/etc/passwd",
    "//evil.example/x",
    "file%3A///etc/passwd/../../../../../../..",
    "..\\..\\..\\x",
    "a%00.md",
]
FORMS = ["[x](<{}>)", "![x](<{}>)", '<a href="{}">x</a>', '<img src="{}" alt="x">']
FIELDS = ["picture: {}", "attachments: [{}]", "interprets: {}.md", "answers: {}.md"]


def test_a_target_outside_is_refused(folder: Folder) -> None:
    texts = [form.format(target) for form in FORMS for target in TARGETS]
    found = attack(folder, {f"content/edu/news/x{n}.md": doc(body=text) for n, text in enumerate(texts)})
    for number, text in enumerate(texts):
        told = found.codes_of(f"edu/news/x{number}.md")
        assert told & {"link.outside", "link.no_picture", "link.no_file", "link.foreign_file", "link.dead"}, (
            text
        )


@pytest.mark.parametrize(
    "target", ["../../../../secret", "/etc/passwd", "../../../root/sites.yaml", "..%2f..%2fx"]
)
def test_a_front_matter_path_outside_is_refused(folder: Folder, target: str) -> None:
    changes = {
        f"content/edu/news/x{n}.md": doc(field.format(target) + "\n") for n, field in enumerate(FIELDS)
    }
    found = attack(folder, changes)
    assert all(found.codes_of(path.removeprefix("content/")) for path in changes)


def test_names_with_control_characters_cannot_write_on_the_terminal_in_git(folder: Folder) -> None:
    subprocess.run(["git", "init", "-q"], cwd=folder.root, check=True)
    found = attack(folder, {"content/edu/news/a\nb\x1b]0;x\x07.md": doc()})
    assert found.codes == {"content.bad_name"}


def test_a_theme_may_not_link_to_files_outside(folder: Folder) -> None:
    (folder.root / "themes/other/templates/x.html").symlink_to("/etc/passwd")
    found = attack(folder, sites=frozenset({"jtj"}))
    assert found.codes == {"content.not_a_file"}
