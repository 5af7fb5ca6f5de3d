"""The browser's analysis is Python's: the same vectors, and the same characters."""

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gen.search.analysis import Query, fold, variant_pairs, variants
from gen.search.manifest import TABLE_PARTS
from tests.search.test_client import Client
from tests.unit.search.test_update import Shelf, record

VECTORS: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("vectors.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client that has loaded the whole table of variants."""
    shelf = Shelf(tmp_path_factory.mktemp("vectors") / "shelf")
    shelf.take(record("hub/news/a.md", "题"))
    started = Client(shelf.out / "hub/search")
    rare = [pair[0] for pair in variant_pairs(common=False)]
    fetched = started.search("找不到" + "".join(rare[:: len(rare) // 40]))["fetched"]
    assert sum(name.startswith("fold-") for name in fetched) == TABLE_PARTS
    yield started
    started.close()
    shelf.close()


def test_texts_are_folded_as_the_vectors_say(client: Client) -> None:
    folded = client.ask(fold=[vector["text"] for vector in VECTORS])["fold"]
    assert folded == [vector["fold"] for vector in VECTORS]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: ascii(vector["text"])[:40])
def test_queries_are_taken_apart_as_the_vectors_say(client: Client, vector: dict[str, Any]) -> None:
    (parsed,) = client.ask(parse=[vector["text"]])["parse"]
    expected = vector["query"]
    assert (parsed["phrase"], parsed["terms"]) == (expected["phrase"], expected["terms"])
    assert (parsed.get("whole") or "") == expected["whole"]
    if len(expected["scattered"]) > 1:  # of one pair nothing is ever scattered
        assert parsed["scattered"] == expected["scattered"]


def test_all_characters_with_variants_are_folded_alike(client: Client) -> None:
    chars = sorted({*variants(), *variants().values()})
    assert client.ask(fold=chars)["fold"] == [fold(char) for char in chars]


def test_all_chinese_characters_are_folded_alike(client: Client) -> None:
    """Those that this Python knows: compatibility forms, Japanese, Korean, and the planes above."""
    blocks = ((0x2E80, 0xD7A4), (0xF900, 0xFB00), (0xFE30, 0xFFF0), (0x1F100, 0x1F200), (0x20000, 0x2FA20))
    codes = [code for low, high in blocks for code in range(low, high)]
    chars = [chr(code) for code in codes if unicodedata.category(chr(code)) != "Cn"]
    for start in range(0, len(chars), 20_000):
        part = chars[start : start + 20_000]
        assert client.ask(fold=part)["fold"] == [fold(char) for char in part]


def test_words_are_parted_by_the_same_spaces(client: Client) -> None:
    spaces = [chr(code) for code in range(0x3001) if chr(code).isspace()] + ["\ufeff", "\u200b", "\u180e"]
    typed = [f"教育{space}通知" for space in spaces]
    found = [one["terms"] for one in client.ask(parse=typed)["parse"]]
    assert dict(zip(typed, found, strict=True)) == {text: list(Query(text).terms) for text in typed}
