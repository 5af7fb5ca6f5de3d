"""What pages weigh, against `budget.yaml`."""

import gzip
from collections.abc import Callable
from functools import cache
from pathlib import Path

import yaml

from tests.html.built import Built, Page

BUDGET = yaml.safe_load((Path(__file__).parent / "budget.yaml").read_text(encoding="utf-8"))


@cache
def packed(data: bytes) -> int:
    return len(gzip.compress(data, 9, mtime=0))


def loaded(built: Built, page: Page, wanted: Callable[[dict[str, str]], bool]) -> dict[str, int]:
    """What a page loads of its site's assets: output → its weight."""
    found = {}
    for node, link in page.links():
        target, _ = built.target(page, link)
        if target and "/assets/" in target and wanted({"tag": node.tag, **node.attributes}):
            found[target] = packed(built.files[target])
    return found


def is_style(node: dict[str, str]) -> bool:
    return node.get("rel") == "stylesheet" and node.get("media") != "print"


def test_pages_keep_to_their_budget(public: Built, capsys: object) -> None:
    heaviest: dict[str, tuple[int, str]] = {}
    over = []
    for path, page in public.pages.items():
        kind = public.kind(page)
        weight = packed(public.files[path]) + sum(loaded(public, page, is_style).values())
        heaviest[kind] = max(heaviest.get(kind, (0, "")), (weight, path))
        if weight > BUDGET["html_and_css"].get(kind, BUDGET["html_and_css"]["other"]):
            over.append(f"{path} ({kind}): {weight:,}")
    print("; ".join(f"{kind} {weight:,}" for kind, (weight, _) in sorted(heaviest.items())))
    assert over == []


def test_scripts_keep_to_their_budget(public: Built) -> None:
    over = []
    for path, page in public.pages.items():
        weight = sum(loaded(public, page, lambda node: node["tag"] == "script").values())
        if weight > BUDGET["scripts"]:
            over.append(f"{path}: {weight:,}")
    assert over == []


def test_the_scale_is_right() -> None:
    """A budget that nothing could exceed would prove nothing."""
    assert packed(bytes(range(256)) * 100) < packed(bytes(n * n * 7919 >> 5 & 255 for n in range(25_600)))
    assert set(BUDGET["html_and_css"]) >= {"document", "home", "other"}
