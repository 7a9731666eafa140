# Dateline's tasks; `make` alone lists them.
# Tried, not only looked up: a version manager's python3.11 may be a name with nothing behind it.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: help setup demo test test-fast test-flink test-flink-all lint types elasticsearch gazetteer rules clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

setup: .venv/.installed-dev ## make .venv with everything that development needs
	@$(BIN)/python -m transforms.tagging.compile_rules || true

demo: .venv/.installed ## ingest a small made-up coverage and search it (no server, no network)
	@$(BIN)/dateline demo

# Two at a time keep two cores busy; each worker has servers of its own. One given Elasticsearch is
# for one worker: some tests set what counts for the whole server.
WORKERS ?= $(if $(ELASTICSEARCH_URL),0,2)
test: .venv/.installed-dev ## run the tests; needs Maven and a JDK 21+ (Elasticsearch), Go (Prism)
	@$(BIN)/python -m tests.servers.requirements
	@echo "Beam's Prism (the first time it is built): $$($(BIN)/python -m tests.servers.prism)"
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

test-fast: .venv/.installed-dev ## run the tests that need no Elasticsearch
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -m "not elasticsearch and not flink"

# What is fetched is fetched before: the test runs where there is no network but loopback.
FLINK_TESTS := flink and not long
test-flink: .venv/.installed-dev ## kill the parts of a real Flink cluster; needs Maven, a JDK 17 or 21
	@$(BIN)/python -m tests.servers.flink_jars
	@$(BIN)/python -m tests.servers.flink_namespace $(BIN)/python -m pytest -s -m "$(FLINK_TESTS)" tests/flink

test-flink-all: FLINK_TESTS := flink
test-flink-all: test-flink ## the same, and change the configuration of its job

lint: .venv/.installed-dev ## check style (ruff)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: .venv/.installed-dev ## check types (mypy, strict)
	@$(BIN)/mypy

elasticsearch: .venv/.installed-dev ## run a real Elasticsearch on port 9200 until Ctrl-C
	@$(BIN)/python -m tests.servers.requirements
	@$(BIN)/python -m tests.servers.elasticsearch_server

gazetteer: .venv/.installed ## compile the gazetteer ahead of its first use
	@$(BIN)/python -m transforms.tagging.compile

rules: .venv/.installed-dev ## compile the tagger's rules, which run in Python else; needs a C compiler
	@$(BIN)/python -m transforms.tagging.compile_rules

clean: ## remove .venv, caches and the demo's index
	rm -rf .venv build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis data/demo
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Dateline needs Python 3.11 or newer: install it, or say make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "making .venv with $(PYTHON)"
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
	  echo "$(PYTHON) cannot make .venv; on Debian and Ubuntu, install python3-venv"; exit 1; }

.venv/.installed: pyproject.toml constraints.txt | .venv/bin/python
	@echo "installing what Dateline needs"
	@$(INSTALL) -e .
	@touch $@

.venv/.installed-dev: pyproject.toml constraints.txt | .venv/bin/python
	@echo "installing what Dateline's development needs"
	@$(INSTALL) -e '.[dev]'
	@touch .venv/.installed $@
