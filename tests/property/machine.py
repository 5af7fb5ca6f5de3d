"""A group under any sequence of edits, builds, crashes and mendings, held to the laws after each build."""

import shutil
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from gen.errors import GenError
from gen.outcome import Result
from gen.render.pages import Rendered
from gen.write import Writer
from tests import groups
from tests.groups import Files, Folder, clean_build, difference, of_sites, spoil_state
from tests.property import edits
from tests.property.edits import Model, Pick


class PowerCutError(Exception):
    """Stands for the end of the process at this very moment."""


class GroupMachine(RuleBasedStateMachine):
    """The folder that a build server keeps, beside a model of what it should hold.

    `good` is, for each site, the model in which it was last built. What changes the group as a whole (its
    structure, its themes, the date) happens only while no site is broken, and is taken back if it breaks one:
    otherwise there would be no one folder whose clean build says what to expect.
    """

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp(prefix="gen-laws-"))
        self.model = Model.start()
        self.now = groups.NOW
        self.folder = Folder(self.place / "root", self.model.files())
        self.good: dict[str, Model] = {}
        self.failed: set[str] = set()
        self.before = self.model.copy()

    def teardown(self) -> None:
        try:
            self._mend_and_compare()
        finally:
            shutil.rmtree(self.place, ignore_errors=True)

    @initialize(jobs=st.sampled_from((1, 1, 1, 2)))
    def first_build(self, jobs: int) -> None:
        self._build(jobs)

    @rule(data=st.data(), times=st.integers(1, 3))
    def edit_documents(self, data: st.DataObject, times: int) -> None:
        self.before = self.model.copy()
        for _ in range(times):
            edit = data.draw(st.sampled_from(edits.DOCUMENT_EDITS))
            edit(self.model, self._pick(data))

    @rule(data=st.data())
    def break_a_site(self, data: st.DataObject) -> None:
        edits.break_document(self.model, self._pick(data))

    @rule()
    def take_back_the_last_edit(self) -> None:
        self.model.docs = self.before.copy().docs
        self.model.other = {
            **{path: data for path, data in self.model.other.items() if path.startswith("themes/")},
            **{path: data for path, data in self.before.other.items() if not path.startswith("themes/")},
        }

    @rule(jobs=st.sampled_from((1, 1, 1, 2)))
    def build(self, jobs: int) -> None:
        self._build(jobs)

    @rule(after=st.integers(0, 12))
    def lose_power_while_writing(self, after: int) -> None:
        """The files on the disk run ahead of the state, one of them half written."""
        self.folder.become(self.model.files())
        write, left = Writer.write, [after]

        def write_some(writer: Writer, rendered: Rendered) -> int:
            if not left[0]:
                (self.folder.out / rendered.artifact.site).mkdir(parents=True, exist_ok=True)
                (self.folder.out / rendered.artifact.site / ".gen-cut.tmp").write_bytes(b"half")
                raise PowerCutError
            left[0] -= 1
            return write(writer, rendered)

        with suppress(PowerCutError), patch.object(Writer, "write", write_some):
            self.folder.build(self.now)
        self.good = {}

    @rule(after=st.integers(0, 12))
    def lose_power_while_indexing(self, after: int) -> None:
        """The search's files run ahead of the state, one of them half written."""
        self.folder.become(self.model.files())
        put, left = Writer.put, [after]

        def put_some(writer: Writer, output: str, data: bytes) -> int:
            if not left[0]:
                (self.folder.out / output).parent.mkdir(parents=True, exist_ok=True)
                (self.folder.out / output).with_name(".gen-cut.tmp").write_bytes(data[:9])
                raise PowerCutError
            left[0] -= 1
            return put(writer, output, data)

        with suppress(PowerCutError), patch.object(Writer, "put", put_some):
            self.folder.build(self.now)
        self.good = {}

    @rule()
    def mend(self) -> None:
        self._mend_and_compare()

    @rule(data=st.data())
    def edit_structure(self, data: st.DataObject) -> None:
        self._change_as_a_whole(
            lambda: data.draw(st.sampled_from(edits.CONFIG_EDITS))(self.model, self._pick(data))
        )

    @rule(data=st.data())
    def edit_theme(self, data: st.DataObject) -> None:
        self._change_as_a_whole(
            lambda: data.draw(st.sampled_from(edits.THEME_EDITS))(self.model, self._pick(data))
        )

    @rule(now=st.sampled_from(edits.MOMENTS))
    def let_time_pass_or_return(self, now: datetime) -> None:
        self._mend_and_compare()
        before, self.now = self.now, now
        if self._build(1).failed:
            self.now = before
            self._build(1)
            assert not self.failed, "the date that was good is good again"

    @rule()
    def lose_the_output(self) -> None:
        if not self.failed:
            shutil.rmtree(self.folder.out, ignore_errors=True)

    @rule(kind=st.sampled_from(("missing", "empty", "garbage", "half")))
    def lose_the_state(self, kind: str) -> None:
        """A clean build on top of what lies there."""
        self._mend_and_compare()
        spoil_state(self.folder.root, kind)
        result = self._build(1)
        assert result.fresh

    def _change_as_a_whole(self, change: object) -> None:
        self._mend_and_compare()
        kept = self.model.copy()
        assert callable(change)
        change()
        try:
            broken = bool(self._build(1).failed)
        except GenError:
            broken = True
        if broken:
            self.model = kept
            self._build(1)
            assert not self.failed, "what was good is good again"

    def _mend_and_compare(self) -> None:
        self._build(1)
        for _ in range(5):
            if not self.failed:
                return
            for site in self.failed:
                self.model.restore(site, self.good.get(site, Model(self.model.config)))
            self._build(1)
        raise AssertionError(f"still broken when restored: {self.failed}")

    def _pick(self, data: st.DataObject) -> Pick:
        return Pick(lambda choices: data.draw(st.sampled_from(choices)))

    def _build(self, jobs: int) -> Result:
        self.folder.become(self.model.files())
        before = self.folder.tree() if self.folder.out.exists() else {}
        result = self.folder.build(self.now, jobs)
        self._check(before, result)
        return result

    def _check(self, before: Files, result: Result) -> None:
        failed = result.failed & set(self.model.sites())
        after = self.folder.tree()
        # A clean build of the very same files fails the same sites
        clean, made = clean_build(self.model.files(), self.now)
        assert clean.failed == result.failed, (clean.issues, result.issues)
        # …and what it makes of the others, with the broken ones as they were, is what lies there
        if failed:
            whole = self.model.copy()
            for site in failed:
                whole.restore(site, self.good.get(site, Model(self.model.config)))
            clean, made = clean_build(whole.files(), self.now)
            if clean.failed or not failed <= self.good.keys():
                return  # it was the change as a whole that broke them
        sites = set(self.model.sites()) - failed
        expected, found = (
            of_sites(made, sites),
            {path: data for path, data in after.items() if path.partition("/")[0] not in failed},
        )
        assert found == expected, difference(found, expected)
        assert of_sites(after, failed) == of_sites(before, failed), "a broken site's output is left alone"
        self.failed = failed
        for site in sites:
            self.good[site] = self.model.copy()
