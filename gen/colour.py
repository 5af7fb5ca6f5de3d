"""Colours by number: how well one can be read on another, and the nearest one that can.

Contrast is that of WCAG 2.2. Lightness is changed in OKLCH (Björn Ottosson, 2020), where equal steps look equal and hue
and strength stay.
"""

import math
import re
from collections.abc import Sequence
from functools import lru_cache

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_STEPS = 500
_KNEE, _LINEAR = 0.04045, 12.92
LEAST, MOST = 1.0, 21.0
"""Between what any contrast lies."""

Triple = tuple[float, float, float]


def is_colour(text: str) -> bool:
    return bool(_COLOUR.fullmatch(text))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lights = sorted((_luminance(one), _luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def least_contrast(colour: str, grounds: Sequence[str]) -> float:
    return min((contrast(colour, ground) for ground in grounds), default=MOST)


@lru_cache(maxsize=4096)
def readable(colour: str, grounds: tuple[str, ...], ratio: float = 4.5) -> str:
    """The colour if it can be read on all `grounds`, else the one nearest in lightness that can; "" if there is none."""
    if least_contrast(colour, grounds) >= ratio:
        return colour.lower()
    here = _to_oklch(colour)[0]
    steps = sorted(range(_STEPS + 1), key=lambda step: (abs(step / _STEPS - here), step))
    for step in steps:
        found = shade(colour, step / _STEPS)
        if least_contrast(found, grounds) >= ratio:
            return found
    return ""


def shade(colour: str, lightness: float) -> str:
    """The colour at another lightness, 0 (black) to 1 (white), as strong as a screen can show it there."""
    _, chroma, hue = _to_oklch(colour)
    low, high = 0.0, chroma
    if _is_shown(_to_linear((lightness, chroma, hue))):
        low = chroma
    else:
        for _ in range(12):
            middle = (low + high) / 2
            low, high = (middle, high) if _is_shown(_to_linear((lightness, middle, hue))) else (low, middle)
    return _hex(_to_linear((lightness, low, hue)))


def mix(colour: str, other: str, share: float) -> str:
    """`colour` with this share (0 to 1) of `other` stirred in."""
    one, two = _parts(colour), _parts(other)
    return "#" + "".join(f"{round(255 * (a + (b - a) * share)):02x}" for a, b in zip(one, two, strict=True))


def _parts(colour: str) -> Triple:
    if not is_colour(colour):
        raise ValueError(f"{colour!r} ≠ #rrggbb")
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def _linear(colour: str) -> Triple:
    red, green, blue = (
        part / _LINEAR if part <= _KNEE else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour)
    )
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _to_oklch(colour: str) -> Triple:
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _to_linear(colour: Triple) -> Triple:
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _is_shown(linear: Triple) -> bool:
    """Whether a screen has this colour; less than this is rounded away."""
    return all(-0.0001 <= part <= 1.0001 for part in linear)


def _hex(linear: Triple) -> str:
    encoded = (
        part * _LINEAR if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
        for part in (min(1.0, max(0.0, part)) for part in linear)
    )
    return "#" + "".join(f"{round(255 * part):02x}" for part in encoded)
