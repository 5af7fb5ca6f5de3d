"""The command line: names, options, exit codes. What a command does is elsewhere and loaded when it runs."""

from gen.cli import authoring, searches, servers, sites, themes
from gen.cli.base import main

__all__ = ["authoring", "main", "searches", "servers", "sites", "themes"]
