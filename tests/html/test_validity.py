"""Every page is valid HTML, as the Nu HTML checker of the W3C sees it."""

import json
import shutil
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.html.built import REPOSITORY, Built, needs

JAR = REPOSITORY / "tests/node_modules/vnu-jar/build/dist/vnu.jar"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def checker() -> list[str]:
    java = shutil.which("java")
    if java is None:
        needs("Java (17 or later) is not installed")
    if not JAR.is_file():
        needs("the Nu HTML checker is not installed: npm ci --prefix tests")
    return [str(java), "-jar", str(JAR), "--stdout", "--exit-zero-always", "--format", "json"]


def messages(checker: list[str], place: Path) -> list[dict[str, object]]:
    """What the checker has to say of a file, or of all pages below a folder.

    What it infers from pages' policies is left out: on a disk nothing is of the same origin, and it takes data blocks
    for scripts. Browsers judge that in tests/browser.
    """
    words = [*checker, "--skip-non-html", str(place)]
    ended = subprocess.run(words, capture_output=True, text=True, check=True, timeout=300)
    found: list[dict[str, object]] = json.loads(ended.stdout)["messages"]
    return [one for one in found if "Content Security Policy" not in str(one["message"])]


def test_checker_finds_what_is_wrong(checker: list[str], tmp_path: Path) -> None:
    """A checker that never complains proves nothing."""
    page = tmp_path / "wrong.html"
    page.write_text("<!DOCTYPE html><html lang=zh><title>x</title><p><div></p>", encoding="utf-8")
    assert messages(checker, page)


def test_every_page_is_valid(checker: list[str], built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    started = time.perf_counter()
    found = messages(checker, built.out)
    lines = Counter(f"{one['type']}: {one['message']}" for one in found)
    where = {f"{one['type']}: {one['message']}": one.get("url") for one in found}
    assert not found, "\n".join(f"{count} × {line} ({where[line]})" for line, count in lines.most_common(20))
    with capsys.disabled():
        print(f" [{len(built.pages):,} pages in {time.perf_counter() - started:.1f} s]", end="")
