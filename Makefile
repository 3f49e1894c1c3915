# symderiv: `make demo` and `make test` set up everything they need; `make check` is what every commit passes.

PYTHON ?= python3
BIN := .venv/bin
SHEET := examples/deep-learning-theory.md

.PHONY: demo test check lint format bench clean

demo: .venv/user
	$(BIN)/symderiv sheet $(SHEET) -o answers.pdf -o answers.tex -o answers.md

test: .venv/dev
	$(BIN)/pytest -n auto

check: lint test

lint: .venv/dev
	$(BIN)/ruff format --check symderiv tests bench
	$(BIN)/ruff check symderiv tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/dev
	$(BIN)/ruff format symderiv tests bench
	$(BIN)/ruff check --fix symderiv tests bench

bench: .venv/dev
	$(BIN)/python -m bench

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache answers.*

.venv/bin/pip:
	$(PYTHON) -m venv .venv

.venv/user: .venv/bin/pip pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	touch $@

.venv/dev: .venv/bin/pip pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@
