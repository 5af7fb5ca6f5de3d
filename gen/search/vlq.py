"""Numbers as text: groups of five bits, lowest first, in characters that need no escape in a script (see docs/search.md)."""

from collections.abc import Iterable

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%()*+,-./"
_DIGITS = {char: digit for digit, char in enumerate(ALPHABET)}
MORE = 32
"""What every group but a number's last has on top."""


def encode(values: Iterable[int]) -> str:
    out = []
    for value in values:
        while value >= MORE:
            out.append(ALPHABET[MORE + (value & (MORE - 1))])
            value >>= 5  # noqa: PLW2901 - what is left of it
        out.append(ALPHABET[value])
    return "".join(out)


def gaps(ordinals: Iterable[int]) -> str:
    """Ascending numbers as the first and the differences."""
    last, steps = 0, []
    for ordinal in ordinals:
        steps.append(ordinal - last)
        last = ordinal
    return encode(steps)


def decode(text: str) -> list[int]:
    """The numbers that `encode` made `text` of."""
    found, value, shift = [], 0, 0
    for char in text:
        digit = _DIGITS[char]
        value |= (digit & (MORE - 1)) << shift
        shift += 5
        if digit < MORE:
            found.append(value)
            value, shift = 0, 0
    return found
