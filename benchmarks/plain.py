"""The floor under every build: writes the same bytes as plainly as Python can.

    python -m benchmarks.plain SOURCE TARGET

Reads all files of SOURCE, then writes them into TARGET, a folder that does not exist, and prints what the
writing took as JSON. A cold build cannot be much faster than this.
"""

import json
import os
import sys
import time
from pathlib import Path


def read_tree(source: Path, target: Path) -> dict[Path, bytes]:
    """The content of all files of `source`, under their places in `target`."""
    files = sorted(path for path in source.rglob("*") if path.is_file())
    return {target / path.relative_to(source): path.read_bytes() for path in files}


def write_tree(files: dict[Path, bytes], folders: list[Path]) -> None:
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    for place, content in files.items():
        with place.open("wb", buffering=0) as file:
            file.write(content)


def main() -> int:
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    files = read_tree(source, target)
    folders = sorted({place.parent for place in files})
    os.sync()
    wall, cpu = time.perf_counter(), time.process_time()
    write_tree(files, folders)
    took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    sys.stdout.write(json.dumps(took))
    return 0


if __name__ == "__main__":
    sys.exit(main())
