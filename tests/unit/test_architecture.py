"""The floor plan holds: imports go down it, nothing hides from it, and no file outgrows its reader."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

GEN = Path(__file__).parents[2] / "gen"
MAX_LINES = 400

FLOORS = (
    "__main__",
    "cli",
    "theme_check",
    "serve",
    "server_files",
    "searching",
    "api",
    "authoring",
    "report",
    "build",
    "check",
    "release",
    "inspect",
    "index",
    "write",
    "search",
    "render",
    "compress",
    "workspace",
    "theme",
    "theme_options",
    "theme_texts",
    "plan",
    "catalogue",
    "content",
    "config",
    "json_schema",
    "schema",
    "cluster",
    "workers",
    "version",
    "database",
    "limits",
    "urls",
    "colour",
    "policy",
    "files",
    "outcome",
    "errors",
    "text",
)
"""Modules and packages of `gen`, each importing only from those below it."""

SOURCES = sorted(GEN.rglob("*.py"))


def floor(path: Path) -> str:
    return path.relative_to(GEN).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """(line, module of gen) of all imports, those inside functions included; `""` is the package itself."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names = (
                [f"gen.{alias.name}" for alias in node.names] if node.module == "gen" else [node.module or ""]
            )
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            package, _, rest = name.partition(".")
            if package == "gen":
                yield node.lineno, rest.partition(".")[0]


def test_every_module_has_its_floor() -> None:
    assert {floor(path) for path in SOURCES} - set(FLOORS) == {"__init__"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(GEN)))
def test_imports_go_down_the_floor_plan(path: Path) -> None:
    if path == GEN / "__init__.py":
        assert not list(imports(path))
        return
    level = FLOORS.index(floor(path))
    for line, name in imports(path):
        is_below = name == floor(path) or name in FLOORS[level + 1 :]
        assert is_below, f"{path.relative_to(GEN)}:{line} imports gen.{name}"


def test_no_import_is_hidden_from_the_running_program() -> None:
    assert not [path for path in SOURCES if "TYPE_CHECKING" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(GEN)))
def test_a_file_can_be_read_in_one_go(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize(
    ("loaded", "unwanted"),
    [
        (
            "gen.cli, gen.report, gen.check",
            ("gen.build", "gen.index", "gen.render", "numpy", "segno", "whoosh"),
        ),
        ("gen.cli, gen.build", ("numpy", "segno", "whoosh", "pypinyin", "distributed")),
    ],
    ids=["a check", "a build with nothing to do"],
)
def test_what_is_not_needed_is_not_loaded(loaded: str, unwanted: tuple[str, ...]) -> None:
    program = f"import sys, {loaded}; print([n for n in {unwanted} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
