# Needs Python 3.11 or newer with pip and venv, and make. Nothing else: no service, no database.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A worker for each core; tests of one file stay together, as do the servers they share.
PYTEST := $(BIN)/pytest --numprocesses auto --dist loadscope
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test check torture format lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY)  ## the environment in .venv, from requirements.lock

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY)  ## mock provinces (PROVINCES="js tj gd") and a failing national system, all data through, a summary
	@$(BIN)/liandan demo $(if $(PROVINCES),--provinces "$(PROVINCES)")

test: $(READY)  ## every test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(PYTEST)

check: $(READY)  ## the quick gate: format, lint, imports, types, fast tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(PYTEST) -m "not slow"

format: $(READY)  ## write the format
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

torture: $(READY)  ## the long figures, with new random examples
	LIANDAN_TORTURE=1 HYPOTHESIS_PROFILE=random $(PYTEST)

lock:  ## requirements.lock anew from pyproject.toml (needs pip-tools)
	pip-compile --quiet --generate-hashes --extra postgresql --extra sftp --extra test --strip-extras --allow-unsafe --no-header \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links -o requirements.lock pyproject.toml

clean:  ## forget the environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
