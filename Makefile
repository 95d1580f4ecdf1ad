# Two commands are enough: `make run` and `make test`. Both set up .venv by themselves and need no root.

PORT ?= 8000
PYTHON ?= python3
WORKERS ?= 1
VENV := .venv
BIN := $(VENV)/bin
# A marker per content, so that changed pins are installed and unchanged ones cost nothing.
RUN_INSTALLED := $(VENV)/.installed-$(shell cksum < requirements.txt | cut -d' ' -f1)
DEV_INSTALLED := $(VENV)/.installed-dev-$(shell cat requirements.txt requirements-dev.txt | cksum | cut -d' ' -f1)
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

unexport DJANGO_SETTINGS_MODULE  # a developer's other project must not answer here

.PHONY: help run install dev test verify bench starters format

help:  ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## */  make \1\t/' | expand -t 16

run: install  ## serve on 127.0.0.1 (PORT=8000, WORKERS=1)
	@$(BIN)/python -c 'import socket; socket.create_server(("127.0.0.1", $(PORT))).close()' 2> /dev/null \
	    || { echo "Port $(PORT) cannot be used, perhaps because something else listens there. Try: make run PORT=8001"; exit 1; }
	@echo "Broker Advisor: http://127.0.0.1:$(PORT)/  (Ctrl-C stops it)"
	@exec $(BIN)/granian --interface wsgi --host 127.0.0.1 --port $(PORT) --workers $(WORKERS) \
	    --blocking-threads 64 --workers-kill-timeout 30 --no-ws --log-level warning advisor.wsgi:application

test: dev  ## every check, at most 25 minutes from nothing
	@.ci/steps

verify: dev  ## the same, with full matrices and long streams
	@WIDE=1 .ci/steps

bench: dev  ## the benchmarks (peers: python -m pip install -r bench/requirements.txt)
	@$(BIN)/python -m bench $(GROUPS)

starters: dev  ## write the starters' data files anew, after a change of the rules
	@$(BIN)/python -m tests.kit.write_starters

format: dev  ## rewrite the code as ruff wants it
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

install: $(RUN_INSTALLED)

dev: $(DEV_INSTALLED)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; say PYTHON=python3.11")'
	@echo "Creating $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(RUN_INSTALLED): | $(BIN)/python
	@echo "Installing what the service needs"
	@$(PIP) install -r requirements.txt
	@touch $@

$(DEV_INSTALLED): | $(BIN)/python
	@echo "Installing what the checks need"
	@$(PIP) install -r requirements-dev.txt
	@touch $@ $(RUN_INSTALLED)
