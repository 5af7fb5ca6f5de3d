"""Pictures and drawings that are made to run, to reach the network or to use up the machine."""

import io
import time
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

from gen.content.svg import is_harmless
from gen.render.images import encode
from tests.hostile.harness import attack
from tests.invalid.cases import chunk, doc, png

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'
EVIL = [
    "<script>alert(1)</script>",
    "<script href='//evil.example/x.js'/>",
    "<g onload='alert(1)'/>",
    "<g ONLOAD='alert(1)'/>",
    "<a xlink:href='javascript:alert(1)'><text>x</text></a>",
    "<foreignObject><b xmlns='http://www.w3.org/1999/xhtml'>x</b></foreignObject>",
    "<style>@import url(//evil.example)</style>",
    "<image href='//evil.example/x.png'/>",
    "<use href='//evil.example/x.svg#a'/>",
    "<use xlink:href='data:image/svg+xml;base64,AA=='/>",
    "<use xmlns:q='http://www.w3.org/1999/xlink' q:href='//evil.example/x.svg#a'/>",
    "<g xml:base='//evil.example/'><use href='#a'/></g>",
    "<rect fill='url(//evil.example/x)'/>",
    "<rect fill='url(#a) url(//evil.example/x)'/>",
    "<rect style='fill:url( \"//evil.example/x\" )'/>",
    "<rect style='fill:u\\72l(//evil.example/x)'/>",
    "<rect style='cursor:image-set(\"//evil.example/x\" 1x)'/>",
    "<rect style='fill:URL(//evil.example/x)'/>",
    "<animate attributeName='href' to='javascript:alert(1)'/>",
    "<set attributeName='onload' to='alert(1)'/>",
    "<handler type='text/javascript'>alert(1)</handler>",
    "<iframe src='//evil.example'/>",
    "<h:script xmlns:h='http://www.w3.org/1999/xhtml'>alert(1)</h:script>",
    "<svg:script xmlns:svg='http://www.w3.org/2000/svg'>alert(1)</svg:script>",
    "<?xml-stylesheet href='//evil.example'?>",
    "<g>",
    "&x;",
]
HARMLESS = [
    "<title>图</title><g fill='none' stroke='#000'><path d='M0 0h1'/></g>",
    "<defs><linearGradient id='a'/></defs><rect fill='url(#a)'/><use href='#a'/><use xlink:href='#a'/>",
    "<rect style=\"fill:url('#a');opacity:.5\"/>",
    "<text font-family='serif'>九江 &amp; 庐山</text>",
]


@pytest.mark.parametrize("inner", EVIL)
def test_a_drawing_that_could_run_or_load_is_refused(inner: str) -> None:
    assert not is_harmless(SVG.format(inner).encode())


@pytest.mark.parametrize("inner", HARMLESS)
def test_a_drawing_is_accepted(inner: str) -> None:
    assert is_harmless(SVG.format(inner).encode())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-7", "gb18030"])
def test_no_encoding_hides_a_script(encoding: str) -> None:
    drawing = f"<?xml version='1.0' encoding='{encoding}'?>" + SVG.format("<script>alert(1)</script>")
    assert not is_harmless(drawing.encode(encoding))


@pytest.mark.parametrize(
    "definition",
    ["<!ENTITY a 'x'>", "<!ENTITY a SYSTEM 'file:///etc/passwd'>", "<!ATTLIST svg onload CDATA 'alert(1)'>"],
)
def test_a_drawing_with_definitions_of_its_own_is_refused(definition: str) -> None:
    assert not is_harmless(f"<!DOCTYPE svg [{definition}]>{SVG.format('')}".encode())


def test_entities_cannot_be_made_to_swell() -> None:
    laughs = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    started = time.perf_counter()
    assert not is_harmless(f"<!DOCTYPE svg [<!ENTITY a0 'x'>{laughs}]>{SVG.format('&a11;')}".encode())
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("depth", [10_000, 100_000])
def test_a_deep_drawing_ends_nothing(depth: int) -> None:
    is_harmless(SVG.format("<g>" * depth + "</g>" * depth).encode())


def gif_and_script() -> bytes:
    return b"GIF89a/*" + b"\0" * 8 + b"*/=1;alert(1)//"


def other(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, kind)
    return out.getvalue()


BAD = {
    "bomb.png": (png(50_000, 50_000, b"\0" * 1_000), "file.pixels"),
    "bomb2.png": (png(2_000_000_000, 2_000_000_000), "file.pixels"),
    "wide.gif": (b"GIF89a\xff\xff\xff\xff\x00\x00\x00", "file.picture"),
    "empty.png": (b"", "file.picture"),
    "head.png": (b"\x89PNG\r\n\x1a\n", "file.picture"),
    "html.png": (b"<html><script>alert(1)</script>", "file.picture"),
    "postscript.png": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n", "file.picture"),
    "bmp.png": (other("BMP"), "file.picture"),
    "tiff.jpg": (other("TIFF"), "file.picture"),
    "png.jpg": (other("PNG"), "file.picture"),
    "zip.webp": (b"PK\x03\x04", "file.picture"),
    "text.png": (
        png(1, 1)[:33] + chunk(b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 50_000_000)) + png(1, 1)[33:],
        None,
    ),
    "none.png": (png(0, 0), None),
    "polyglot.gif": (gif_and_script(), None),
    "x.html": (b"<script>", "file.kind"),
    "x.svgz": (b"\x1f\x8b", "file.kind"),
    "x.js": (b"alert(1)", "file.kind"),
    "x": (b"x", "file.kind"),
    ".htaccess": (b"x", None),
    "x.pdf.exe": (b"x", "file.kind"),
}


def test_bad_files_are_refused_or_harmless_and_fail_their_site_only(tmp_path: Path) -> None:
    changes = {f"content/edu/news/a/{name}": data for name, (data, _) in BAD.items()}
    found = attack(tmp_path, {**changes, "content/edu/news/a.md": doc()})
    assert found.failed == {"edu"}
    for name, (_, code) in BAD.items():
        told = found.codes_of(f"edu/news/a/{name}")
        assert told == {code} or (code is None and told <= {"file.picture"}), name


def test_strange_but_allowed_files_are_copied(tmp_path: Path) -> None:
    files = {
        "polyglot.gif": gif_and_script(),
        "none.gif": b"GIF89a\0\0\0\0\0\0\0",
        "x.pdf": b"<script>",
        "x.txt": b"",
    }
    found = attack(tmp_path, {f"content/edu/news/a/{name}": data for name, data in files.items()})
    for name, data in files.items():
        assert found.codes_of(f"edu/news/a/{name}") <= {"file.picture"}
        assert found.tree.get(f"edu/news/a/{name}", data) == data


def test_truncated_pictures_are_told_and_never_end_the_build(tmp_path: Path) -> None:
    changes: dict[str, bytes | None] = {}
    for kind, suffix in (("PNG", "png"), ("JPEG", "jpg")):
        out = io.BytesIO()
        Image.effect_noise((600, 400), 80).save(out, kind)
        data = out.getvalue()
        for cut in (40, 200, len(data) // 2, len(data) * 9 // 10):
            changes[f"content/edu/news/a/{cut}.{suffix}"] = data[:cut]
    found = attack(tmp_path, changes)
    assert found.codes <= {"file.picture", "render.picture"}
    assert found.failed == {"edu"}


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_with_a_wrong_byte_raises_nothing_but_what_is_told(kind: str) -> None:
    out = io.BytesIO()
    Image.effect_noise((40, 30), 80).save(out, kind)
    good = out.getvalue()
    for position in range(min(len(good), 700)):
        data = good[:position] + bytes([good[position] ^ 0xFF]) + good[position + 1 :]
        with suppress(OSError):
            encode(data, 20)
