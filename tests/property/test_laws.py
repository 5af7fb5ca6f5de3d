"""Whatever is done to a group, an incremental build is the clean build, and a broken site harms no other."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from gen.search import update
from tests.property.machine import GroupMachine

pytestmark = pytest.mark.usefixtures("small_blocks")


@pytest.fixture(autouse=True)
def one_segment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every change makes its indexes anew, so that whole trees can be compared; test_search.py has those in segments."""
    monkeypatch.setattr(update, "SMALL", 1_000_000)


def test_an_incremental_build_is_a_clean_build_after_any_edits() -> None:
    run_state_machine_as_test(GroupMachine, settings=settings.get_profile("fast"))


@pytest.mark.slow
def test_an_incremental_build_is_a_clean_build_after_very_many_edits() -> None:
    run_state_machine_as_test(GroupMachine, settings=settings.get_profile("thorough"))
