# Two commands do everything on a fresh machine that has Python 3.10+, git and make: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The tests write half a million small files: into memory, where there is room; some of them as another user, who has to get there.
MEMORY := $(shell test -w /dev/shm && test $$(df -Pk /dev/shm | awk 'NR == 2 { print $$4 }') -gt 4000000 && echo /dev/shm)
IN_MEMORY = tmp=$$(mktemp -d -p "$${TMPDIR:-$(or $(MEMORY),/tmp)}") && chmod 755 "$$tmp" && trap 'rm -rf "$$tmp"' EXIT && trap 'exit 130' HUP INT TERM && export TMPDIR=$$tmp
PYTEST = $(IN_MEMORY) && $(BIN)/python -m pytest -n $$(($$(getconf _NPROCESSORS_ONLN) + 1)) --dist worksteal
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
# Hundreds of commands start in the tests: each would compile every module anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo test test-all check types lint-imports docs bench tools clean dev

help:  ## show the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(BIN)/agentslint: pyproject.toml setup.py
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --upgrade pip
	$(PIP) install --editable .
	touch $@

$(VENV)/dev: pyproject.toml setup.py
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --editable '.[dev]'
	touch $(BIN)/agentslint $@

tools: $(BIN)/agentslint  ## provide kustomize and helm in the user's cache
	$(BIN)/agentslint tools install

dev: $(VENV)/dev tools  ## everything that the tests need

demo: tools  ## lint examples/, print the report, write agentslint.sarif
	@$(BIN)/agentslint examples --format text --format sarif --output agentslint.sarif; status=$$?; \
	echo "exit status $$status (2 expected: the examples have findings, and one application that does not render)"; \
	test $$status -eq 2

test: dev  ## formatting, types, import contracts, stale docs, all tests, SARIF validation, a short fuzz and soak
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m agentslint.docs --check
	$(PYTEST)
	$(IN_MEMORY) && { $(BIN)/python -m tests.fuzz 50 1 & fuzz=$$!; $(BIN)/python -m tests.soak 100 1; soak=$$?; wait $$fuzz && exit $$soak; }

test-all: dev  ## all tests, with every case of the costly families of which `make test` runs a sample
	$(PYTEST) --all-cases

hostile: dev  ## lint every hostile tree, in every way (ONLY=links/ selects some)
	$(BIN)/python -m tests.hostile $(ONLY)

fuzz: dev  ## try N generated cases (N=2000; SEED=1 for the same ones again), every regular expression, and many examples of hypothesis
	$(BIN)/python -m tests.fuzz $(or $(N),2000) $(SEED)
	$(BIN)/python -m tests.expressions
	$(BIN)/python -m pytest -m hypothesis --hypothesis-profile=many

soak: dev  ## interrupt N runs at random moments (N=200, SEED=1)
	$(BIN)/python -m tests.soak $(or $(N),200) $(SEED)

docs: $(BIN)/agentslint  ## write the generated pages
	$(BIN)/python -m agentslint.docs

bench: dev  ## ratios against the bare renderers, side by side in one run
	$(BIN)/python -m bench

clean:  ## remove what make made here (the user's cache stays)
	rm -rf $(VENV) build dist *.egg-info agentslint.sarif .mypy_cache .ruff_cache .import_linter_cache .hypothesis
