"""Numbers as text: what goes in comes out, in characters that a script's string holds as they are."""

from hypothesis import given
from hypothesis import strategies as st

from gen.search import vlq

numbers = st.lists(st.integers(0, 2**34))


def plainly(value: int) -> str:
    """One number as docs/search.md has it: five bits a character, the lowest first, 32 more on all but the last."""
    found = [value % 32]
    while value := value // 32:
        found.append(value % 32)
    return "".join(vlq.ALPHABET[digit + 32 * (place < len(found) - 1)] for place, digit in enumerate(found))


@given(numbers)
def test_what_was_encoded_is_decoded(values: list[int]) -> None:
    assert vlq.decode(vlq.encode(values)) == values


@given(numbers)
def test_every_number_is_written_by_itself(values: list[int]) -> None:
    assert vlq.encode(values) == "".join(map(plainly, values))


@given(st.sets(st.integers(0, 2**20)))
def test_ascending_numbers_are_their_differences(values: set[int]) -> None:
    found, last = [], 0
    for step in vlq.decode(vlq.gaps(sorted(values))):
        last += step
        found.append(last)
    assert found == sorted(values)


def test_characters_are_64_that_need_no_escape_and_leave_figures_to_levels() -> None:
    assert len(set(vlq.ALPHABET)) == 64
    assert vlq.ALPHABET.isascii()
    assert vlq.ALPHABET.isprintable()
    assert not set(vlq.ALPHABET) & set("0123456789\"'\\|:>&<")


def test_numbers_as_documented() -> None:
    assert vlq.encode([0, 1, 31, 32, 33, 1023, 1024]) == "AB" + "fgBhB/fggB"
    assert vlq.gaps([3, 5, 40]) == "DC" + "jB"
    assert vlq.gaps([]) == ""
    assert vlq.decode("") == []
