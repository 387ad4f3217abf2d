# Everything starts here. `make help` lists the commands.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help run test check bench lint-banks test-database format messages openapi schemas lock demo-report

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/installed ## Set everything up and serve the product on http://localhost:8000 (PORT=… for another port)
	@tools/system_packages.sh run
	@$(BIN)/python tools/compile_messages.py
	@exec $(BIN)/python -m backend.serve

test: .venv/installed-dev ## Set up what the tests need and run all of them
	@tools/system_packages.sh test
	@$(BIN)/python tools/compile_messages.py
	@$(MAKE) --no-print-directory check
	$(BIN)/pytest -n 2 --dist loadgroup

PURE_TESTS := tests/engine tests/counting tests/oversight/city tests/oversight/disclosure tests/oversight/calibration

test-database: .venv/installed-dev ## Run the tests that touch the database on the one DATABASE_URL names
	$(BIN)/pytest -n 2 --dist loadgroup -m "not browser" $(addprefix --ignore=,$(PURE_TESTS)) tests

check: .venv/installed-dev ## Formatting, lint, types, layers, banks, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(MAKE) --no-print-directory lint-banks
	DATA_DIR=build/check $(BIN)/python manage.py makemigrations --check --dry-run

lint-banks: .venv/installed ## Check the question banks
	@DATA_DIR=build/check $(BIN)/python manage.py lint_banks

bench: .venv/installed-dev ## Measure speed, memory and growth; print a table
	@$(BIN)/python tools/compile_messages.py
	$(BIN)/python -m tools.bench

demo-report: .venv/installed ## Write the report of a demo enterprise to build/
	@tools/system_packages.sh run
	@$(BIN)/python tools/compile_messages.py
	@$(BIN)/python manage.py demo_report

format: .venv/installed-dev ## Format the code and mend what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: .venv/installed-dev ## Collect the texts for translation (needs Debian's gettext)
	DATA_DIR=build/check $(BIN)/python manage.py makemessages -l en --no-location --no-wrap -i 'var/*' -i 'build/*' -i 'tests/*' -i '.venv/*'

openapi: .venv/installed-dev ## Write the description of the API anew
	DATA_DIR=build/check $(BIN)/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

schemas: .venv/installed ## Write the JSON Schemas of the bank files anew
	DATA_DIR=build/check $(BIN)/python -m tools.bank_schemas

lock: ## Resolve the dependencies anew into the two lock files
	$(PYTHON) -m venv .venv && $(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-header --extra storage pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-header --extra storage --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

.venv/installed: requirements.lock
	@tools/system_packages.sh venv
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install -q --no-deps --require-hashes -r requirements.lock
	@touch $@

.venv/installed-dev: requirements-dev.lock .venv/installed
	$(BIN)/pip install -q --no-deps --require-hashes -r requirements-dev.lock
	@touch $@
