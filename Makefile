# symderiv: `make demo` and `make test` set up everything they need; `make check` is what every commit passes.

PYTHON ?= python3
BIN := .venv/bin
SHEET := examples/deep-learning-theory.md

.PHONY: demo test check lint format bench peer clean

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

# `make peer` first: the comparison with tensorgrad, which needs PyTorch, has an environment of its own and is skipped without it
bench: .venv/dev
	$(BIN)/python -m bench

peer: .venv/peer/bin/pip
	.venv/peer/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 tensorgrad==0.3.0

.venv/peer/bin/pip:
	$(PYTHON) -m venv .venv/peer

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
