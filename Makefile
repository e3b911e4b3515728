export PORT ?= 8080
export HOST ?= 127.0.0.1
PYTHON ?= python3
export PYTHON
python := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run test check smoke screenshots memory bench lock reset

help: ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

run: .venv/installed ## everything on one machine: http://localhost:8080 (PORT=8090, HOST=0.0.0.0)
	@$(python) -m devservers.run

test: .venv/installed ## the whole test suite (ARGS="-k leases -x")
	@bin/chromium
	@$(python) -m pytest -n auto --maxprocesses 4 --dist loadfile $(ARGS)

check: .venv/installed-dev node_modules/installed ## style, types, layers, migrations, production settings
	@bin/check

smoke: .venv/installed ## one walk through a fresh, running copy
	@bin/smoke

screenshots: .venv/installed ## the pictures of the README, in docs/images (ARGS="home board")
	@bin/screenshots $(ARGS)

memory: ## what the running copy uses
	@$(python) bin/memory

bench: .venv/installed ## figures of the live feed under load (ARGS="sockets")
	@$(python) -m benchmarks.feed $(ARGS)

lock: .venv/installed-dev ## requirements*.txt from requirements*.in
	@bin/lock $(ARGS)

reset: .venv/installed ## stop the embedded servers and delete var/
	@$(python) -m devservers reset
	@rm -rf var

.venv/installed: requirements.txt
	@bin/venv
	@$(python) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	@$(python) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

node_modules/installed: package-lock.json
	@bin/node-packages
	@touch $@
