"""Whatever is done to a group, an incremental build is the clean build, and a broken site harms no other."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.property.machine import GroupMachine

pytestmark = pytest.mark.usefixtures("small_blocks")


def test_an_incremental_build_is_a_clean_build_after_any_edits() -> None:
    run_state_machine_as_test(GroupMachine, settings=settings.get_profile("fast"))


@pytest.mark.slow
def test_an_incremental_build_is_a_clean_build_after_very_many_edits() -> None:
    run_state_machine_as_test(GroupMachine, settings=settings.get_profile("thorough"))
