"""Where the files of the group's Whoosh index lie; apart from `whoosh_index`, which takes its time to load."""

from pathlib import Path

NAME = "MAIN"
"""Of the index, as Whoosh calls its default."""


def has_segment(folder: Path, segment_id: str) -> bool:
    return (folder / f"{NAME}_{segment_id}.trm").is_file()
