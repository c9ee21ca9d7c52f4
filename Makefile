# Two commands set everything up: `make demo` and `make test`. Nothing else is installed by hand.
PYTHON ?= python3
VENV ?= .venv
SERVE ?= 1
BIN = $(VENV)/bin
READY = $(VENV)/.ready

.PHONY: demo test crawl check lock bench clean
.DEFAULT_GOAL = demo

$(READY): constraints.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement constraints.txt
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: $(READY)
	$(BIN)/wiesci demo $(if $(filter 0,$(SERVE)),--no-serve)

test: $(READY)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

crawl: $(READY)
	$(BIN)/wiesci crawl

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Renews the lock; needs uv (`pip install uv`) and a package registry.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --upgrade --quiet --extra dev pyproject.toml --output-file constraints.txt

bench: $(READY)
	$(BIN)/python -m tests.benchmarks

clean:
	rm -rf $(VENV) data/demo .pytest_cache .mypy_cache .ruff_cache
