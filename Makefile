# Everything runs inside .venv, which `make install` builds from the locked packages (hashes are checked).
# Python 3.11 to 3.14 is all that has to be there.

CANDIDATES := python3 python3.13 python3.12 python3.11 python3.14 python
IS_USABLE := -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))'
PYTHON ?= $(shell for name in $(CANDIDATES); do "$$name" $(IS_USABLE) 2>/dev/null && echo "$$name" && break; done)
RUN := .venv/bin
PAGE := bot/sandbox/static

# What does not wait for each other is done side by side: installing, linting and the checking of types.
MAKEFLAGS += --jobs=3

# Where the environment forbids it, each of the many processes that the tests start would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help sandbox test bench install install-server install-dev install-browser install-chromium lint types docs lock clean

help:  ## Show this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | sort

sandbox: install  ## Start a local Webex with the bot in it, and open its chat page
	$(RUN)/extbot sandbox

test: install-dev lint types  ## Lint, check the types, run all tests
	$(RUN)/pytest --numprocesses 6 --dist worksteal

install: .venv/.installed $(PAGE)/node_modules/.installed  ## Make .venv with the command `extbot`, and fetch the card renderer

install-server: .venv/.installed  ## The same without the card renderer, which only the sandbox needs

install-dev: .venv/.installed-dev $(PAGE)/node_modules/.installed install-browser  ## The same with what the tests need

install-browser: .venv/.installed-dev install-chromium
	$(RUN)/python tests/browser/install_browser.py

install-chromium:
	@"$(PYTHON)" tests/browser/install_chromium.py

lint: .venv/.installed-dev
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .

types: .venv/.installed-dev
	$(RUN)/mypy

.venv/bin/python:
	@"$(PYTHON)" $(IS_USABLE) 2>/dev/null || { echo "Python 3.11 to 3.14 is needed, and none was found. Install one, or name it: make PYTHON=/path/to/python3"; exit 1; }
	@"$(PYTHON)" -m venv .venv || { rm -rf .venv; echo "No .venv could be made. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

.venv/.installed: .venv/bin/python requirements.lock pyproject.toml
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.lock
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(PAGE)/node_modules/.installed: .venv/.installed $(PAGE)/package-lock.json
	cd $(PAGE) && $(CURDIR)/$(RUN)/npm ci --silent --no-audit --no-fund
	@touch $@

bench: install-dev  ## Measure everything anew, and write BENCHMARKS.md (takes about 20 minutes)
	PYTHONPATH=. $(RUN)/python tests/bench/run.py

docs:  ## Write the tables of README.md anew
	$(RUN)/python tests/documents.py

lock:  ## Renew the locks to the newest versions that pyproject.toml allows (needs uv)
	uv pip compile --quiet pyproject.toml --group dev --group setup --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements-dev.lock
	uv pip compile --quiet pyproject.toml --group setup --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -c requirements-dev.lock -o requirements.lock

clean:  ## Remove what was installed and the sandbox's data
	rm -rf .venv $(PAGE)/node_modules data
