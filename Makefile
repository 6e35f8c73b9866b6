# Two commands for a newcomer: make demo, make test. Each sets up what it needs in .venv; nothing global is touched.
export UV_PYTHON_DOWNLOADS = never
export UV_PROJECT_ENVIRONMENT = .venv
PYTHON ?= python3
BIN = .venv/bin
TESTS = $(BIN)/pytest -q -n auto --maxprocesses 4 --dist loadfile
FAST ?=

.PHONY: demo app test check bench docs clean

.venv/.ready: pyproject.toml uv.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv sync --quiet --frozen --group docs --extra app --extra print --extra statements --extra cluster --inexact --compile-bytecode
	@touch $@

demo: .venv/.ready  ## run the shipped example and say where the brief is (FAST=1: approximate)
	@$(BIN)/winset demo $(if $(FAST),--fast)

app: .venv/.ready  ## the same in a browser, on this machine alone; studies and runs lie in cases/
	@$(BIN)/winset serve cases

test: .venv/.ready  ## all tests but the slow ones
	@$(TESTS)

check: .venv/.ready  ## lint, types, layers, dependencies, tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/deptry src
	$(TESTS)

bench: .venv/.ready  ## one line of JSON per case; installs the peers
	@$(BIN)/uv sync --quiet --frozen --all-groups --extra app --extra print --extra statements --extra cluster --inexact
	@$(BIN)/python benchmarks/run.py

docs: .venv/.ready  ## HTML in docs/_build
	$(BIN)/sphinx-build -W -q -j auto -b html docs docs/_build

clean:
	rm -rf .venv runs docs/_build build dist .pytest_cache .ruff_cache .hypothesis
