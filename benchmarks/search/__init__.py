"""Measures gen's search beside Pagefind on the same pages; `python -m benchmarks.search`."""
