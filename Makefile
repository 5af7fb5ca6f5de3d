# Two commands on a fresh machine: `make` builds and opens all sites, `make test` passes the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: open test lint clean
open: $(VENV)/ready
	$(BIN)/gen build --local --open

test: $(VENV)/ready tests/node_modules
	$(BIN)/python -m pytest -n 2 -m "not slow" $(PYTEST)

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(VENV)/ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable '.[dev,bench]'
	touch $@

# The Nu HTML checker; without npm the tests that need it are skipped, which CI forbids.
tests/node_modules: tests/package.json
	-npm install --prefix tests --silent --no-fund --no-audit && touch $@

clean:
	rm -rf $(VENV) out .gen tests/node_modules
