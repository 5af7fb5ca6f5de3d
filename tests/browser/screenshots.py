"""Makes the gallery of `docs/gallery/` from the repository's content: `make gallery`.

Each kind of page is shown as five people see it: at a desk, on a phone, in elder mode, in the dark, on paper.

    python -m tests.browser.screenshots --whole FOLDER [--only hub,letter]

is for whoever changes the theme: whole pages at their full size (PNG), and on paper as they are printed (PDF); the
gallery stays as it is.
"""

import argparse
import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from PIL import Image, ImageOps
from playwright.sync_api import Browser, Page

from tests.browser.chromium import find_chromium, launch
from tests.html.built import REPOSITORY, copy_repository, gen

FOLDER = REPOSITORY / "docs" / "gallery"
PAPER = 60
"""Pixels of white around what is printed, as the style sheet's margins are not on screenshots."""
LIMIT = 3_000_000
"""Bytes of all pictures together."""


@dataclass(frozen=True)
class Look:
    """A way to see a page: the window's width, how much of its height is kept, and how wide the picture is."""

    name: str
    width: int
    height: int
    shown: int
    dark: bool = False
    anchor: str = ""
    media: str = "screen"


LOOKS = (
    Look("desktop", 1280, 1200, 800),
    Look("phone", 390, 844, 390),
    Look("elder", 390, 844, 390, anchor="#g-elder"),
    Look("dark", 1280, 1200, 560, dark=True),
    Look("print", 720, 1000, 480, media="print"),
)


@dataclass(frozen=True)
class Shot:
    """A page; `waits` is what must be there before it is taken."""

    name: str
    title: str
    page: str
    waits: str = "main"


SHOTS = (
    Shot("hub", "Home page of the hub", "jiujiang/index.html"),
    Shot("department", "Home page of a department", "edu/index.html"),
    Shot("county", "Home page of a county, with channels", "xiushui/index.html"),
    Shot("channel", "Channel of a county's department", "xiushui/jiaoyu/index.html"),
    Shot("news", "Column: news", "wglj/news/index.html"),
    Shot("policies", "Column: policies", "jiujiang/policies/index.html"),
    Shot("disclosure", "Column: disclosure", "jiujiang/disclosure/index.html"),
    Shot("services", "Column: services", "jiujiang/services/index.html"),
    Shot("interviews", "Column: interviews", "jiujiang/interviews/index.html"),
    Shot("consultations", "Column: consultations", "jiujiang/consultations/index.html"),
    Shot("letters", "Column: letters", "jiujiang/letters/index.html"),
    Shot("leaders", "Column: leaders", "jiujiang/leaders/index.html"),
    Shot("organisation", "Column: organisation", "jiujiang/organisation/index.html"),
    Shot("reports", "Column: yearly reports", "jiujiang/disclosure/annual/index.html"),
    Shot("topic", "Topic site", "jiujiang/business/index.html"),
    Shot("document", "Document", "jiujiang/news/2026/changjiang-anxian.html"),
    Shot("official", "Official document", "jiujiang/policies/2026/yingshang-cuoshi.html"),
    Shot("service", "Service guide", "jiujiang/services/2025/qiye-kaiban.html"),
    Shot("interview", "Interview", "jiujiang/interviews/2026/yanglao.html"),
    Shot("consultation", "Consultation", "jiujiang/consultations/2026/lvhua-guanli.html"),
    Shot("survey", "Survey with its results", "jiujiang/surveys/2026/wangzhan-manyidu.html"),
    Shot("letter", "Letter and reply", "jiujiang/letters/2026/gongjiao-banci.html"),
    Shot("leader", "A leader", "jiujiang/leaders/2026/chen.html"),
    Shot("report", "A yearly report", "jiujiang/disclosure/annual/2026/2025-nianbao.html"),
    Shot("data", "Data with chart and table", "jiujiang/data/2026/qiansanjidu.html"),
    Shot("data-lines", "Data over time", "jiujiang/data/2023/shuiwei.html"),
    Shot("search", "Search", f"jiujiang/search/index.html?q={quote('义务教育')}", ".hits > li"),
    Shot("archive", "Archive", "jiujiang/archive/index.html"),
    Shot("sitemap", "Site map", "jiujiang/sitemap.html"),
    Shot("404", "Page not found", "jiujiang/404.html"),
)


@contextmanager
def opened(browser: Browser, shot: Shot, look: Look, base: str) -> Iterator[Page]:
    """The page in a window of the look's width, with all that it shows."""
    context = browser.new_context(
        viewport={"width": look.width, "height": 900},
        color_scheme="dark" if look.dark else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.emulate_media(media="print" if look.media == "print" else "screen")
    page.goto(f"{base}{shot.page}{look.anchor}")
    page.wait_for_selector(shot.waits)
    page.evaluate(
        "Promise.all([...document.images].map(one => { one.loading = 'eager'; return one.decode(); }))"
    )
    yield page
    context.close()


def take(browser: Browser, shot: Shot, look: Look, base: str) -> Image.Image:
    """The page's top, as it is seen."""
    with opened(browser, shot, look, base) as page:
        full: int = page.evaluate("document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": look.width, "height": min(look.height, full)}
        png = page.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]
    with Image.open(io.BytesIO(png)) as picture:
        seen = picture.convert("RGB")
    return ImageOps.expand(seen, border=PAPER, fill="white") if look.media == "print" else seen


def whole(browser: Browser, shot: Shot, look: Look, base: str, folder: Path) -> None:
    """Writes all of the page, to be looked at closely."""
    with opened(browser, shot, look, base) as page:
        file = folder / f"{shot.name}-{look.name}"
        if look.media == "print":
            page.pdf(path=f"{file}.pdf", format="A4", prefer_css_page_size=True, print_background=False)
        else:
            page.screenshot(path=f"{file}.png", full_page=True)


def shrunk(picture: Image.Image, look: Look) -> bytes:
    """The picture at the width at which the gallery shows it, as WebP."""
    if look.shown < picture.width:
        height = round(picture.height * look.shown / picture.width)
        picture = picture.resize((look.shown, height), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=50, method=6)
    return out.getvalue()


def index() -> str:
    """The gallery's own page."""
    lines = [
        "# Gallery",
        "",
        "The theme `civic` with the repository's example content, all of it invented. `make gallery` makes these pictures anew.",
        "Each kind of page: at a desk, on a phone, in elder mode, in the dark, on paper.",
    ]
    for shot in SHOTS:
        lines += ["", f"## {shot.title}", ""]
        lines += [f"![{shot.title}, {look.name}]({shot.name}-{look.name}.webp)" for look in LOOKS]
    return "\n".join(lines) + "\n"


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.browser.screenshots")
    options.add_argument("--whole", type=Path, metavar="FOLDER", help="whole pages at full size, into FOLDER")
    options.add_argument(
        "--only", default="", metavar="NAMES", help="with --whole: these kinds, e.g. hub,letter"
    )
    asked = options.parse_args()
    names = asked.only.split(",") if asked.only else [shot.name for shot in SHOTS]
    if unknown := set(names) - {shot.name for shot in SHOTS}:
        options.error(f"no such kind: {', '.join(sorted(unknown))}")
    if asked.only and not asked.whole:
        options.error("--only needs --whole: the gallery is made as a whole")
    if not find_chromium():
        print("Chromium is not installed; GEN_CHROMIUM may name it", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as place, launch() as browser:
        root, out = Path(place) / "root", Path(place) / "out"
        copy_repository(root)
        gen("build", "--local", "--root", root, "--out", out)
        if asked.whole:
            asked.whole.mkdir(parents=True, exist_ok=True)
            for shot in SHOTS:
                for look in LOOKS if shot.name in names else ():
                    whole(browser, shot, look, f"{out.as_uri()}/", asked.whole)
            return 0
        pictures = {
            f"{shot.name}-{look.name}": shrunk(take(browser, shot, look, f"{out.as_uri()}/"), look)
            for shot in SHOTS
            for look in LOOKS
        }
    size = sum(map(len, pictures.values()))
    if size > LIMIT:
        print(f"{size:,} bytes; they may have {LIMIT:,}", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.webp"):
        old.unlink()
    for name, data in pictures.items():
        (FOLDER / f"{name}.webp").write_bytes(data)
    (FOLDER / "README.md").write_text(index(), encoding="utf-8")
    print(f"{FOLDER.name}: {len(pictures)} pictures, {size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
