"""`gen schema`: JSON Schemas made from the very types that the build reads with."""

from pathlib import Path

import msgspec

from gen.config.file import GroupFile
from gen.content.front_matter import FrontMatter, IntroMatter
from gen.json_schema import json_schema
from gen.theme import ThemeFile

SCHEMAS: dict[str, tuple[type[msgspec.Struct], str]] = {
    "sites.schema.json": (GroupFile, "sites.yaml"),
    "theme.schema.json": (ThemeFile, "theme.yaml"),
    "document.schema.json": (FrontMatter, "文档信息 / front matter"),
    "intro.schema.json": (IntroMatter, "_site.md, _column.md"),
}


def write_schemas(folder: Path) -> list[Path]:
    """Writes one file a schema into `folder` and returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, (struct, title) in SCHEMAS.items():
        path = folder / name
        path.write_bytes(
            msgspec.json.format(msgspec.json.encode(json_schema(struct, title)), indent=2) + b"\n"
        )
        written.append(path)
    return written
