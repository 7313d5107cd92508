# `make demo` and `make test` each set up by themselves; see CONTRIBUTING.md.
BIN := .venv/bin
MAKEFLAGS += --no-print-directory
# Images of containers set it. Tests start hundreds of processes, and without bytecode each compiles
# the package anew (an export of the seeds takes a third longer), and pytest the tests.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo check test torture coverage setup installed warm quick lint types bench golden docs clean

help:
	@echo "make demo     set up, export the five seed figures to demo-output/, validate them"
	@echo "make check    linters, types and all tests that start no process: two minutes"
	@echo "make test     linters, types and all tests, with real stores, servers and browsers"
	@echo "make torture  fail system calls of the commands that write, and send 10,000 hostile inputs (ARGS='--each 1 --most 20': half an hour)"
	@echo "make coverage all tests again, measured"
	@echo "make setup    only set up for development, and fill the cache of mypy"
	@echo "make lint     ruff (rules and format) and the import contracts"
	@echo "make types    mypy --strict over src and tests"
	@echo "make quick    the tests of make check alone"
	@echo "make bench    run the benchmark of the exporter (ARGS=--quick: ten minutes)"
	@echo "make golden   rewrite the expected files of the golden tests; review with git diff"
	@echo "make docs     build the documentation into site/"
	@echo "make clean    remove everything that make made"

.venv/.runtime: pyproject.toml constraints.txt scripts/setup
	@scripts/setup runtime

.venv/.dev: pyproject.toml constraints.txt scripts/setup
	@scripts/setup dev

.venv/.referees: constraints.txt scripts/setup-referees tests/js/package.json \
    tests/js/package-lock.json tests/sssom-py.txt | .venv/.dev
	@scripts/setup-referees

# One after the other: two of them would meet at the lock of apt.
.venv/.stores: scripts/setup-stores | .venv/.dev .venv/.referees
	@scripts/setup-stores

.venv/.browser: scripts/setup-browser | .venv/.dev .venv/.stores
	@scripts/setup-browser

installed: .venv/.dev .venv/.referees .venv/.stores .venv/.browser

# The first `make check` shall be as quick as all others; what mypy finds is its business.
warm: .venv/.dev
	-@$(BIN)/mypy >/dev/null

setup: .venv/.dev
	@$(MAKE) --jobs 2 --output-sync=target installed warm

demo: .venv/.runtime
	$(BIN)/pfocr-rdf export seeds -o demo-output
	$(BIN)/pfocr-rdf validate demo-output/pfocr.ttl
	@echo
	@echo "The first lines of demo-output/pfocr.ttl:"
	@echo
	@head -n 40 demo-output/pfocr.ttl
	@echo
	@echo "All files are in demo-output/."

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/.dev
	$(BIN)/mypy

# Processes share out what is left, so that no long file ends alone.
PYTEST := $(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist worksteal

# Without referees: what needs one is skipped, also under CI.
quick: .venv/.dev
	CI= $(PYTEST) -m "not whole" --ignore tests/whole

check: .venv/.dev
	@$(MAKE) --jobs 3 quick lint types

# What is fetched and what is linted do not wait for each other.
test: .venv/.dev
	@$(MAKE) --jobs 2 --output-sync=target installed lint types
	$(PYTEST) --durations 15

torture: setup
	PFOCR_RDF_TORTURE=1 $(BIN)/pytest tests/whole/test_torture.py
	$(BIN)/python -m scripts.fuzz --all --write
	$(BIN)/python -m scripts.torture --write $(ARGS)

coverage: setup
	$(PYTEST) --cov --cov-report=term-missing:skip-covered --cov-fail-under=95

bench: .venv/.dev
	$(BIN)/python benchmarks/export.py $(ARGS)

golden: .venv/.dev
	$(BIN)/pytest --update-golden

docs: .venv/.dev
	$(BIN)/python -m pip install --quiet --no-build-isolation -c constraints.txt -e '.[docs]'
	$(BIN)/mkdocs build --strict

clean:
	rm -rf .venv .cache .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache \
	    .pytest_cache .ruff_cache build dist demo-output htmlcov site tests/js/node_modules
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
