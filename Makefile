# Two commands on a fresh machine: `make` builds and opens all sites, `make test` passes the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Which tests `make test` runs; MARKERS="" runs the slow ones too, as CI does.
MARKERS ?= not slow

.PHONY: open test lint gallery clean
open: $(VENV)/ready
	$(BIN)/gen build --local --open

test: $(VENV)/ready tests/node_modules/.ready
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "$(MARKERS)"

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

gallery: $(VENV)/ready
	$(BIN)/python -m tests.browser.screenshots

$(VENV)/ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable '.[dev,bench]'
	touch $@

# The Nu HTML checker. Without npm the tests that need it are skipped, with the reason.
tests/node_modules/.ready: tests/package.json tests/package-lock.json
	if command -v npm >/dev/null; then npm ci --prefix tests --silent --no-fund --no-audit; else mkdir -p tests/node_modules; fi
	touch $@

clean:
	rm -rf $(VENV) out .gen tests/node_modules
