"""The QR code on paper leads to the page."""

import re

import numpy as np
import pytest
import zxingcpp

from gen.render.qr import QUIET, qr_code

ADDRESSES = [
    "https://a.cn/",
    "https://edu.jiujiang.gov.cn/notices/2026/zhaosheng.html",
    "https://www.jiujiang.gov.cn/tags/%E8%90%A5%E5%95%86%E7%8E%AF%E5%A2%83/",
    *(
        f"https://nyj.jiujiang.gov.cn/{'policies/' * (n % 5)}20{n:02}/{n * 7919}-{'butie' * (n % 7)}.html"
        for n in range(80)
    ),
    f"https://www.jiujiang.gov.cn/{'x' * 900}.html",
]


def picture(svg: str, scale: int = 4) -> np.ndarray:
    """The code as a printer would draw it."""
    (size,) = {int(found) for found in re.findall(r'viewBox="0 0 (\d+) \1"', svg)}
    drawn = np.full((size, size), 255, np.uint8)
    x, y = 0, 0
    for move, stroke in re.findall(r"[Mm](-?\d+ -?[\d.]+)|h(\d+)", svg.rpartition(' d="')[2]):
        if move:
            right, down = move.split(" ")
            x, y = x + int(right), y + int(float(down))
        else:
            drawn[y, x : x + int(stroke)] = 0
            x += int(stroke)
    return drawn.repeat(scale, 0).repeat(scale, 1)


@pytest.mark.parametrize("url", ADDRESSES)
def test_a_reader_finds_the_address(url: str) -> None:
    (found,) = zxingcpp.read_barcodes(picture(str(qr_code(url, ""))))
    assert found.text == url


def test_addresses_of_every_length_can_be_read() -> None:
    """Each fills its version to another degree; those that none of the fast versions hold are the library's."""
    for length in range(1, 260, 3):
        url = "https://a.cn/" + "".join(chr(97 + n * n % 26) for n in range(length))
        (found,) = zxingcpp.read_barcodes(picture(str(qr_code(url, ""))))
        assert found.text == url


def test_the_code_has_its_quiet_zone() -> None:
    drawn = picture(str(qr_code(ADDRESSES[1], "")), 1)
    assert (drawn[:QUIET] == 255).all()
    assert (drawn[:, -QUIET:] == 255).all()
    assert drawn[QUIET, QUIET] == 0


def test_it_has_a_name_or_is_hidden() -> None:
    assert 'role="img" aria-label="a &lt; b"' in qr_code("https://a.cn/", "a < b")
    assert 'aria-hidden="true"' in qr_code("https://a.cn/", "")


def test_an_address_that_no_code_can_hold_has_none() -> None:
    assert qr_code(f"https://a.cn/{'x' * 3_000}", "") == ""
