"""Makes the pictures of `docs/screenshots/` from the repository's content: `python -m tests.browser.screenshots`."""

import io
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from PIL import Image
from playwright.sync_api import Browser

from tests.browser.chromium import find_chromium, launch
from tests.html.built import REPOSITORY, copy_repository, gen

FOLDER = REPOSITORY / "docs" / "screenshots"
LIMIT = 1_500_000
"""Bytes of all pictures together."""


@dataclass(frozen=True)
class Shot:
    """A page in a window: its width, and how much of its height is shown; once there is what it waits for."""

    name: str
    page: str
    width: int
    height: int
    waits: str = "main"


DESKTOP, PHONE = 1280, 390
SHOTS = (
    Shot("hub-desktop", "jiujiang/index.html", DESKTOP, 2000),
    Shot("hub-phone", "jiujiang/index.html", PHONE, 1500),
    Shot("department", "edu/index.html", DESKTOP, 1500),
    Shot("county", "xiushui/index.html", DESKTOP, 1500),
    Shot("column", "jiujiang/news/index.html", DESKTOP, 1400),
    Shot("document-official", "jiujiang/policies/2026/yingshang-cuoshi.html", DESKTOP, 1600),
    Shot("document-phone", "jiujiang/policies/2026/yingshang-cuoshi.html", PHONE, 1500),
    Shot("service-guide", "jiujiang/services/2025/qiye-kaiban.html", DESKTOP, 1600),
    Shot("letter", "jiujiang/letters/2026/gongjiao-banci.html", DESKTOP, 1400),
    Shot("search", f"jiujiang/search/index.html?q={quote('义务教育')}", DESKTOP, 1466, ".hits > li"),
    Shot("survey", "jiujiang/surveys/2026/wangzhan-manyidu.html", DESKTOP, 1800),
)


def take(browser: Browser, shot: Shot, base: str) -> bytes:
    """The page's top as WebP; phones have twice the pixels."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": 900},
        device_scale_factor=2 if shot.width == PHONE else 1,
        color_scheme="light",
    )
    page = context.new_page()
    page.goto(base + shot.page)
    page.wait_for_selector(shot.waits)
    page.evaluate(
        "Promise.all([...document.images].map(one => { one.loading = 'eager'; return one.decode(); }))"
    )
    full: int = page.evaluate("document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": shot.width, "height": min(shot.height, full)}
    png = page.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]
    context.close()
    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").save(out, "WEBP", quality=82, method=6)
    return out.getvalue()


def main() -> int:
    if not find_chromium():
        print("Chromium is not installed; GEN_CHROMIUM may name it", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as place, launch() as browser:
        root, out = Path(place) / "root", Path(place) / "out"
        copy_repository(root)
        gen("build", "--local", "--root", root, "--out", out)
        pictures = {shot.name: take(browser, shot, f"{out.as_uri()}/") for shot in SHOTS}
    size = sum(map(len, pictures.values()))
    if size > LIMIT:
        print(f"{size:,} bytes; they may have {LIMIT:,}", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.webp"):
        old.unlink()
    for name, data in pictures.items():
        (FOLDER / f"{name}.webp").write_bytes(data)
        print(f"{FOLDER.name}/{name}.webp {len(data):,}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
