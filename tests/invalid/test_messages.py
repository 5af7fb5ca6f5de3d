"""Whatever is wrong with a group is told by place, cause and remedy, in Chinese and English, all at once."""

import ast
import json
import os
import re
import string
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml

import gen
from gen import report
from gen.build import Options, build
from gen.check import check_group
from gen.errors import GenError, Issue
from gen.text import MESSAGES, Language
from gen.text.words import TEXTS, WORDS
from tests.groups import NOW, Folder
from tests.invalid.cases import CASES, HEAD, Case, files_of, sound_files

EXPECTED: dict[str, dict[str, list[str]]] = yaml.safe_load(
    (Path(__file__).parent / "messages.yaml").read_text(encoding="utf-8")
)
ELSEWHERE = {
    "build.locked": "needs two processes: tests/unit/test_build.py, test_cli.py",
    "build.no_site": "of the command line: test_cli.py",
    **dict.fromkeys(
        (
            "cluster.extra cluster.no_store cluster.no_git cluster.no_repository cluster.dirty cluster.commit "
            "cluster.unreachable cluster.no_workers cluster.lost cluster.killed cluster.other_code cluster.no_gen "
            "cluster.store"
        ).split(),
        "of builds on a cluster: tests/cluster",
    ),
    "content.not_a_file": "needs a link on the disk: tests/hostile/test_paths.py",
    "content.address_taken": "of the catalogue: tests/unit/catalogue",
    "file.unreadable": "needs a folder in a file's place: tests/unit/test_config.py",
    "init.not_at_end": "tests/unit/test_init.py",
    "init.not_empty": "tests/unit/test_init.py",
    **dict.fromkeys(
        (
            "look.template look.inline look.foreign look.text look.default look.description look.contrast "
            "look.language look.title look.landmark look.skip look.head look.label look.weight"
        ).split(),
        "of gen theme check: tests/unit/test_theme_check.py",
    ),
    "markdown.time": "takes seconds: tests/hostile/test_markdown.py",
    "move.no_document": "tests/unit/test_move.py",
    "move.outside": "tests/unit/test_move.py",
    "move.suffix": "tests/unit/test_move.py",
    "move.taken": "tests/unit/test_move.py",
    "new.exists": "tests/unit/test_new.py",
    "new.no_number": "tests/unit/test_new.py",
    "new.slug": "tests/unit/test_new.py",
    "api.port": "of the command line: tests/unit/search/test_api.py",
    "opensearch.count": "of a server: tests/unit/search/test_opensearch.py",
    "opensearch.failed": "of a server: tests/unit/search/test_opensearch.py",
    "opensearch.incomplete": "of a server: tests/unit/search/test_opensearch.py",
    "opensearch.missing": "of the installation: tests/unit/search/test_opensearch.py",
    "opensearch.no_index": "of a server: tests/unit/search/test_opensearch.py",
    "opensearch.outdated": "of a server: tests/unit/search/test_opensearch.py",
    "opensearch.refused": "of a server: tests/unit/search/test_opensearch.py",
    "opensearch.replaced": "of a server: tests/unit/search/test_opensearch.py",
    "opensearch.unfed": "of a server: tests/unit/search/test_opensearch.py",
    "opensearch.url": "of the command line: tests/unit/search/test_opensearch.py",
    "render.time": "takes seconds: tests/hostile/test_themes.py",
    "search.not_built": "of the command line: test_cli.py",
    "serve.port": "of the preview, not of input",
    "state.failed": "of the disk, not of input",
    "worker.died": "of the machine, not of input",
    "write.failed": "of the disk, not of input: tests/unit/test_build.py",
}


def told(folder: Folder, *, built: bool) -> list[Issue]:
    try:
        return folder.build().issues if built else check_group(folder.root, NOW)
    except GenError as error:
        return list(error.issues)


def lines(issues: Iterable[Issue], lang: Language, root: Path) -> list[str]:
    return [report.line(issue, lang).replace(str(root), "ROOT") for issue in issues]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_wrong_is_told_with_its_place_and_remedy(case: Case, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "root", files_of(case))
    issues = told(folder, built=case.built)
    assert tuple(issue.code for issue in issues) == case.codes
    assert lines(issues, "zh", folder.root) == EXPECTED[case.name]["zh"]
    assert lines(issues, "en", folder.root) == EXPECTED[case.name]["en"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_file_is_told_what_all_are_told_of_it(case: Case, tmp_path: Path) -> None:
    """`gen check FILE` looks at that file alone, with the catalogue of all."""
    folder = Folder(tmp_path / "root", files_of(case))
    try:
        everything = check_group(folder.root, NOW)
    except GenError:
        return
    for path in {issue.path for issue in everything}:
        told = check_group(folder.root, NOW, [folder.root / path])
        assert told == [issue for issue in everything if issue.path == path]


def test_the_sound_group_that_all_cases_change_has_nothing_wrong(tmp_path: Path) -> None:
    assert told(Folder(tmp_path / "root", sound_files()), built=True) == []


def test_every_message_is_that_of_a_case_or_tested_elsewhere() -> None:
    covered = {code for case in CASES for code in case.codes}
    assert MESSAGES.keys() - covered - ELSEWHERE.keys() == set()
    assert covered & ELSEWHERE.keys() == set()
    assert EXPECTED.keys() == {case.name for case in CASES}


def codes_in_source() -> set[str]:
    """Every text of `gen` that looks like a message's code, names of other things aside."""
    found = set()
    for path in Path(gen.__file__).parent.rglob("*.py"):
        if path.parent.name != "text":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found |= {
                node.value
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
    return {value for value in found if re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", value)}


def test_every_message_is_used_and_every_code_has_a_message() -> None:
    used = codes_in_source()
    families = {code.partition(".")[0] for code in MESSAGES}
    assert MESSAGES.keys() - used == set()
    meant = {
        code
        for code in used
        if code.partition(".")[0] in families and not code.endswith((".html", ".yaml", ".py"))
    }
    assert meant - MESSAGES.keys() - TEXTS.keys() - {"file.read"} == set()


def parameters(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_both_languages_say_the_same_and_end_without_a_stop(code: str) -> None:
    message = MESSAGES[code]
    assert parameters(message.en + message.en_mend) <= parameters(message.zh + message.zh_mend) | {"key"}
    assert parameters(message.zh) - {"zh"} == parameters(message.en) - {"zh"}
    for part in message:
        assert part.strip() == part != ""
        assert part[-1] not in "。.；;"


@pytest.mark.parametrize("texts", [WORDS, TEXTS], ids=["words", "texts"])
def test_words_and_texts_have_the_same_parameters_in_both_languages(
    texts: dict[str, tuple[str, str]],
) -> None:
    assert [key for key, (zh, en) in texts.items() if parameters(zh) != parameters(en)] == []


def test_all_defects_of_a_file_and_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    bad = f"{HEAD}pinned: 也许\nzzz: 1\nsigned: 昨天\n---\n".encode()
    files = {
        **sound_files(),
        "content/edu/news/x.md": bad,
        "content/jtj/news/y.md": bad,
        "content/hub/zz/a.md": bad,
    }
    issues = told(Folder(tmp_path / "root", files), built=False)
    assert [(issue.path, issue.line) for issue in issues] == [
        *(("content/edu/news/x.md", line) for line in (4, 5, 6)),
        ("content/hub/zz/a.md", 0),
        *(("content/hub/zz/a.md", line) for line in (4, 5, 6)),
        *(("content/jtj/news/y.md", line) for line in (4, 5, 6)),
    ]


def gen_process(
    folder: Folder, *arguments: str, lang: str = "zh_CN.UTF-8"
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": lang, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "gen", *arguments, "--root", str(folder.root)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=60)


@pytest.mark.parametrize("command", ["build", "check"])
def test_a_sound_group_ends_with_0(command: str, tmp_path: Path) -> None:
    done = gen_process(Folder(tmp_path / "root", sound_files()), command, "--date", "2026-06-01")
    assert (done.returncode, done.stderr.replace("没有以前的构建记录，从头构建。\n", "")) == (0, "")


@pytest.mark.parametrize("command", ["build", "check"])
def test_a_wrong_document_ends_with_1_and_its_message_on_stderr(command: str, tmp_path: Path) -> None:
    case = next(case for case in CASES if case.name == "no-title")
    folder = Folder(tmp_path / "root", files_of(case))
    done = gen_process(folder, command)
    assert done.returncode == 1
    assert EXPECTED["no-title"]["zh"][0] in done.stderr
    assert "Traceback" not in done.stderr
    if command == "build":
        assert (folder.root / "out" / "jtj" / "index.html").is_file()
        assert not (folder.root / "out" / "edu").exists()


@pytest.mark.parametrize("command", ["build", "check"])
def test_a_wrong_sites_yaml_ends_with_2_in_english_if_asked(command: str, tmp_path: Path) -> None:
    case = next(case for case in CASES if case.name == "hub-unknown")
    done = gen_process(Folder(tmp_path / "root", files_of(case)), command, lang="en_GB.UTF-8")
    assert (done.returncode, done.stderr.splitlines()) == (2, EXPECTED["hub-unknown"]["en"])


@pytest.mark.parametrize(("name", "code"), [("no-title", 1), ("hub-unknown", 2)])
@pytest.mark.parametrize("command", ["build", "check"])
def test_json_can_be_parsed_whatever_is_wrong(command: str, name: str, code: int, tmp_path: Path) -> None:
    case = next(case for case in CASES if case.name == name)
    done = gen_process(Folder(tmp_path / "root", files_of(case)), command, "--json")
    told = json.loads(done.stdout)
    assert done.returncode == code
    assert [issue["code"] for issue in told["issues"]] == list(case.codes)
    assert set(told["issues"][0]) == {"path", "line", "code", "severity", "site", "message", "remedy"}


def test_a_site_that_is_mended_is_built_and_says_nothing_more(tmp_path: Path) -> None:
    case = next(case for case in CASES if case.name == "link-dead")
    folder = Folder(tmp_path / "root", files_of(case))
    assert folder.build().failed == {"edu"}
    folder.put({"content/edu/news/bad.md": f"{HEAD}---\n".encode()})
    result = build(Options(folder.root, folder.out, NOW))
    assert (result.failed, result.issues) == (set(), [])
    assert (folder.out / "edu/news/bad.html").is_file()
