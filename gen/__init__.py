"""gen: one repository of content in, every site of a city government out."""

__version__ = "0.1.0"
