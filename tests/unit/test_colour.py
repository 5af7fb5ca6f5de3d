"""Colours by number: contrast as WCAG counts it, and the nearest colour that can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gen import colour

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#767676", "#ffffff", 4.54), ("#777777", "#FFFFFF", 4.48), ("#ff0000", "#ffffff", 4.0), ("#abcdef", "#abcdef", 1.0)],
)  # fmt: skip
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert round(colour.contrast(one, other), 2) == ratio == round(colour.contrast(other, one), 2)


@given(COLOURS, COLOURS, st.sampled_from([3.0, 4.5]))
def test_the_nearest_colour_can_be_read(shown: str, ground: str, ratio: float) -> None:
    found = colour.readable(shown, (ground,), ratio)
    assert colour.contrast(found, ground) >= ratio
    assert found == shown or colour.contrast(shown, ground) < ratio


def test_a_colour_that_can_be_read_stays() -> None:
    assert colour.readable("#0B5394", ("#ffffff",)) == "#0b5394"


def test_of_grey_the_nearest_is_the_next_grey() -> None:
    assert colour.readable("#777777", ("#ffffff",)) == "#767676"


def test_no_colour_can_be_read_on_black_and_white_at_seven() -> None:
    assert colour.readable("#9b1c1f", ("#000000", "#ffffff"), 7) == ""


@given(COLOURS, st.floats(0, 1))
def test_a_shade_is_a_colour(shown: str, lightness: float) -> None:
    assert colour.is_colour(colour.shade(shown, lightness))


def test_shades_go_from_black_to_white() -> None:
    assert (colour.shade("#9b1c1f", 0), colour.shade("#9b1c1f", 1)) == ("#000000", "#ffffff")


def test_mixing_takes_a_share() -> None:
    assert [colour.mix("#000000", "#ffffff", share) for share in (0, 0.5, 1)] == [
        "#000000",
        "#808080",
        "#ffffff",
    ]


def test_what_is_no_colour_is_refused() -> None:
    with pytest.raises(ValueError, match="red"):
        colour.contrast("red", "#ffffff")
