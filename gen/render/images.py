"""Smaller WebP variants of pictures, and the markup that lets a browser choose."""

import io

from markupsafe import Markup, escape
from PIL import Image, ImageOps

from gen.catalogue.values import FileFacts
from gen.limits import TimeLimitError

QUALITY = 80
_FORMATS = ("PNG", "JPEG")
"""All that has variants; Pillow knows formats that run other programs."""


def encode(data: bytes, width: int) -> bytes:
    """A picture as WebP of this width, turned upright, without its metadata. Raises OSError if it can't be read."""
    try:
        return _encode(data, width)
    except (OSError, TimeLimitError):
        raise
    except Exception as error:
        raise OSError(str(error)) from error  # decoders of broken pictures raise anything


def _encode(data: bytes, width: int) -> bytes:
    with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
        picture: Image.Image = ImageOps.exif_transpose(opened)
        picture = picture.convert(
            "RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB"
        )
        if width < picture.width:
            height = max(1, round(picture.height * width / picture.width))
            picture = picture.resize((width, height), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=QUALITY, method=4)
        return out.getvalue()


def markup(
    facts: FileFacts, href: str, hrefs: list[tuple[int, str]], alt: str, attributes: str = "", sizes: str = ""
) -> Markup:
    """A picture's HTML. `hrefs` are (width, href) of its variants; width and height keep the page from jumping."""
    size = f' width="{facts.width}" height="{facts.height}"' if facts.width else ""
    image = (
        f'<img src="{escape(href)}" alt="{escape(alt)}"{size} loading="lazy" decoding="async"{attributes}>'
    )
    if not hrefs:
        return Markup(image)
    choices = ", ".join(f"{escape(other)} {width}w" for width, other in hrefs)
    shown = escape(sizes) or f"(max-width: {facts.width}px) 100vw, {facts.width}px"
    return Markup(f'<picture><source type="image/webp" srcset="{choices}" sizes="{shown}">{image}</picture>')
