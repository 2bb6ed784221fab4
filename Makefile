# `make` lists what can be made. Every target first sets up .venv by itself; nothing outside the checkout is changed
# but the embedding model in your cache folder. Another Python: `make setup PYTHON=python3.13`.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# A PYTHONPATH from outside would put other packages before those of .venv.
unexport PYTHONPATH PYTHONHOME

PYTHON ?= python3
BIN := .venv/bin
# -qq leaves pip's errors and drops its warnings, which are about the machine's own pip configuration.
SIDE_BY_SIDE := --numprocesses=auto --maxprocesses=4 --dist=worksteal
QUIET_INSTALL := install -qq --no-input --disable-pip-version-check --only-binary :all:
# What `make quality` hands on: REPLAY=DIR repeats a record for free, ABLATIONS=yes replays without learning and without review.
QUALITY = $(foreach option,engine record replay limit concurrency reports,$(call given,$(option))) $(if $(ABLATIONS),--ablations)
upper = $(shell echo $(1) | tr a-z A-Z)
given = $(if $($(call upper,$(1))),--$(1) "$($(call upper,$(1)))")
TORCH ?= $(shell sed -n 's/^torch==//p' requirements.lock 2>/dev/null)

.PHONY: help
help: ## this list
	@echo 'Vigil: targets of this Makefile'
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: .venv/.ready ## replay the example workspace: watch Vigil follow, stay silent, learn and answer
	@$(BIN)/vigil replay examples/acme

.PHONY: test
test: check ## check, then every test
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE)

.PHONY: cover
cover: .venv/.ready ## the unit tests with branch coverage of core, which CI holds
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) tests/unit --cov

.PHONY: check
check: .venv/.ready ## lint, format, strict types and import contracts, without running a test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

.PHONY: format
format: .venv/.ready ## format the code and mend what the linter can mend by itself
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

.PHONY: bench
bench: .venv/.ready ## measure latency, recall and memory at 10,000 and 272,325 entries (20 minutes, the first time 30)
	@$(BIN)/python -m benchmarks

.PHONY: quality
quality: data-given .venv/.ready ## DATA=DIR: run every suite, print benchmarks/README.md's table; ENGINE=claude RECORD=DIR: its column
	@$(BIN)/python -m benchmarks.quality "$(DATA)" $(QUALITY)

.PHONY: data-given
data-given:
	@[ -n "$(DATA)" ] || { echo 'make quality measures against evaluation data: say where it is, as in `make quality DATA=DIR`.' >&2; exit 2; }
	@[ -d "$(DATA)" ] || { echo 'DATA=$(DATA) is not a folder: name the one that holds the evaluation data.' >&2; exit 2; }

.PHONY: setup
setup: .venv/.ready ## make .venv with everything in it (once about 3 minutes and 2.2 GB); the other targets do this too
	@echo 'Ready: .venv/bin/vigil'

.PHONY: lock
lock: ## resolve pyproject.toml anew in a fresh venv and write requirements.lock (TORCH=VERSION moves PyTorch)
	@$(python-fits)
	@echo 'Resolving in a fresh venv: a few minutes.'
	@new=$$(mktemp -d); trap 'rm -rf "$$new"' EXIT; \
	$(PYTHON) -m venv "$$new/venv"; pip="$$new/venv/bin/python -m pip"; \
	$(PYTHON) -c 'import tomllib; p = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
	print(*p["dependencies"], *p["optional-dependencies"]["dev"], "torch==$(TORCH)", sep="\n")' > "$$new/wanted"; \
	$$pip $(QUIET_INSTALL) --upgrade -r "$$new/wanted"; \
	$$pip check; \
	{ echo '# Exact versions of everything, tests included. Made by `make lock`: see CONTRIBUTING.md.'; \
	  $$pip freeze --all --exclude pip | sed -E 's/\+[[:alnum:].]+$$//' | grep -vE '^(cuda|nvidia|triton)'; } > "$$new/lock"; \
	cp "$$new/lock" requirements.lock; echo "requirements.lock holds $$(grep -c == requirements.lock) packages."

.PHONY: clean
clean: ## remove .venv, caches and build leftovers from the checkout; cached models and your VIGIL_HOME stay
	@rm -rf .venv build dist *.egg-info .coverage .coverage.* htmlcov .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find adapters benchmarks bot core tests -name __pycache__ -prune -exec rm -rf {} +

# --- set-up ---------------------------------------------------------------------------------------------------------

define python-fits
$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null || { \
	echo 'Vigil needs Python 3.11, 3.12 or 3.13, and `$(PYTHON)` is '"$$($(PYTHON) --version 2>/dev/null || echo 'not there')"': install one and name it, as in `make setup PYTHON=python3.11`.' >&2; exit 2; }; \
$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	echo 'The venv module of `$(PYTHON)` is missing: install it (on Debian and Ubuntu `apt install python3-venv`) and run make again.' >&2; exit 2; }
endef

# Both stamps lie in .venv, so that removing it is enough to start over. While packages are being installed
# .venv/.installing exists: a package whose files were copied only in part looks whole to pip, so an interrupted
# installation is thrown away. An interrupted model export is simply done again.
.venv/.packages: pyproject.toml requirements.lock
	@$(python-fits)
	@if [ -e .venv/.installing ]; then echo 'An earlier set-up was interrupted: starting .venv anew.'; rm -rf .venv; fi
	@echo 'Setting up .venv: downloading and installing packages (a few minutes, once).'
	@mkdir -p .venv && touch .venv/.installing
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip $(QUIET_INSTALL) -r requirements.lock
	@$(BIN)/python -m pip $(QUIET_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@ && rm .venv/.installing

.venv/.ready: .venv/.packages
	@echo 'Setting up .venv: preparing the embedding model (under a minute, once).'
	@$(BIN)/python -m bot.setup
	@touch $@
