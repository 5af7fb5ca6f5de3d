"""Loses power at one moment after another of the same build: `python -m tests.property.power_cuts FOLDER EDITS EVERY`.

Moments are the statements of the state's database and the files, which are left half written. Prints what the next
build after a cut did not put right, where the edits stand and where they were taken back. A program of its own, because
every cut build is a fork of it.
"""

import os
import shutil
import sqlite3
import sys
from pathlib import Path
from random import Random

from gen import database
from gen.plan import artifact
from gen.search import update
from gen.write import Writer
from tests.groups import Folder, clean_build, difference
from tests.property import edits
from tests.property.edits import Model, Pick

_CUT = 9


def main(place: Path, names: list[str], every: int) -> None:
    artifact.SITEMAP_BLOCK = artifact.FEED_LENGTH = 3
    update.SMALL = 1_000_000  # as in test_interrupts.py: whole trees can be compared
    before = Model.start()
    after = before.copy()
    for name in names:
        getattr(edits, name)(after, Pick(Random(name).choice))
    ends = {end: clean_build(model.files())[1] for end, model in (("edited", after), ("taken back", before))}
    cuts, is_cut = 0, True
    while is_cut:
        for end, expected in ends.items():
            folder = Folder(place / "root", before.files())
            folder.build()
            folder.become(after.files())
            is_cut = _cut_build(folder, cuts * every)
            folder.become(after.files() if end == "edited" else before.files())
            result = folder.build()
            if folder.tree() != expected:
                told = f"{result.issues}\n{difference(folder.tree(), expected)}"
                print(f"{names}, {end}, cut at moment {cuts * every}: {told}", flush=True)
            for one in (folder.root, folder.out):
                shutil.rmtree(one)
        cuts += is_cut
    print(f"builds cut: {cuts}")


def _cut_build(folder: Folder, moment: int) -> bool:
    """Whether the build got as far as that."""
    child = os.fork()
    if not child:
        _Power(moment).install()
        folder.build()
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, _CUT), status
    return status == _CUT


class _Power:
    def __init__(self, moment: int) -> None:
        self._left = moment

    def install(self) -> None:
        connect, create = database._connect, Writer._create

        def connect_watched(path: Path) -> sqlite3.Connection:
            connection = connect(path)
            connection.set_trace_callback(lambda _: self._use())
            return connection

        def create_by_halves(path: Path, data: bytes) -> None:
            if not self._left:
                path.write_bytes(data[: len(data) // 2])
            self._use()
            create(path, data)

        database._connect = connect_watched
        Writer._create = staticmethod(create_by_halves)  # type: ignore[method-assign]

    def _use(self) -> None:
        if not self._left:
            os._exit(_CUT)
        self._left -= 1


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2].split(","), int(sys.argv[3]))
