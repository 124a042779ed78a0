# Everything works on a fresh clone with Python 3.11 or newer, make and git; `make` alone lists the commands.

VENV := .venv
BIN := $(VENV)/bin
BATON := $(BIN)/baton
READY := $(VENV)/.ready
RUNS ?= 20
# Where the machine keeps certificates of its own, a company's proxy may need them.
CERTIFICATES := $(if $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem),--system-certs)
UV := VIRTUAL_ENV=$(VENV) $(BIN)/uv $(CERTIFICATES)

.DEFAULT_GOAL := help
.PHONY: help demo dev test lint bench soak temporal

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY) ## Set up and run the main job; ONCE=1 plays the scenarios and exits
	@$(BATON) demo $(if $(ONCE),--once)

dev: $(READY) ## Set up and run everything; PROCESSES=1 gives each pool a process of its own
	@$(BATON) dev $(if $(PROCESSES),--processes)

test: $(READY) temporal ## Set up and run all tests
	@$(BIN)/python -m pytest

lint: $(READY) ## Format, style, types and import contracts
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY) temporal ## Measure against a bare workflow; OUT=file also writes JSON
	@$(BIN)/python -m bench $(if $(OUT),--out "$(OUT)")

soak: $(READY) temporal ## Kill and outage scenarios, RUNS=20 times each
	@$(BIN)/python -m pytest -m soak --soak-runs $(RUNS) --capture=no

temporal: $(READY)
	@$(BATON) temporal --prepare

# The stamp is made last, so an interrupted set-up is done again. `make` starts over when the lock or the project changes.
$(READY): requirements.lock pyproject.toml tools/venv
	@PYTHON="$(PYTHON)" tools/venv $(VENV)
	@echo "packages: installing what requirements.lock pins"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep '^uv==' requirements.lock)"
	@$(UV) pip sync requirements.lock
	@$(UV) pip install --quiet --no-deps --editable .
	@touch $@
