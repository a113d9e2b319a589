# One entry point for people and machines. `make help` lists the targets.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: help demo test check lint types layers audit bench soak javascript clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(BIN)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[testing,postgresql]" --group dev
	@touch $@

demo: $(BIN)/.installed ## watch people being hired, moved and dismissed
	$(BIN)/entrasim demo

test: $(BIN)/.installed ## the whole test suite
	$(BIN)/python -m pytest -n auto --dist worksteal

lint: $(BIN)/.installed ## format and lint
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(BIN)/.installed ## static types
	$(BIN)/mypy

layers: $(BIN)/.installed ## who may import whom
	$(BIN)/lint-imports

audit: $(BIN)/.installed ## known vulnerabilities of what is installed; says so without a network
	$(BIN)/python -m pip check
	$(BIN)/python tests/audit.py

javascript: ## Microsoft's JavaScript SDK, for its test; needs Node 20 or newer with npm
	cd tests/javascript && npm ci --no-audit --no-fund

check: lint types layers audit test ## everything that decides whether a change lands

bench: $(BIN)/.installed ## the benchmarks, each with a ratio to what it is compared with
	$(BIN)/python -m benchmarks.initial_cycle
	$(BIN)/python -m benchmarks.mapping
	$(BIN)/python -m benchmarks.concurrency
	$(BIN)/python -m benchmarks.graph_read

soak: $(BIN)/.installed ## a year of faults and kills against plain rules, for three seeds
	for seed in 1 2 3; do $(BIN)/python -m benchmarks.soak --seed $$seed || exit 1; done

clean: ## take away what a run or a build left
	rm -rf $(VENV) build dist tests/javascript/node_modules .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
