# Two commands do everything: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev

.PHONY: help setup run test test-deep check bench bench-office bench-columns columns crash figures papers spark lighthouse screens messages notices lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile

setup: $(READY) ## install into .venv what a site needs

$(READY): requirements.lock pyproject.toml
	$(PYTHON) tools/environment.py $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

$(READY_DEV): $(READY) requirements-dev.lock
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	touch $@

# On one's own machine (127.0.0.1 only): text messages, sign-up codes too, show on /outbox/.
run: export KEPU_DEVELOPMENT ?= 1
run: $(READY) ## prepare $KEPU_HOME (./var), load the sample campaign into an empty site, serve on PORT (8000)
	$(BIN)/kepu sample
	$(BIN)/kepu serve --port $(PORT)

test: $(READY_DEV) ## the suite on SQLite and, where one can be reached, PostgreSQL (ARGS go to pytest)
	$(BIN)/python -m tools.suite $(ARGS)

test-deep: $(READY_DEV) ## the same with all there is to try: every made-up case, races of a thousand (an hour)
	KEPU_DEEP=1 $(BIN)/python -m tools.suite $(ARGS)

check: $(READY_DEV) ## lint, format, types, floors, messages, migrations, lock files
	$(BIN)/python -m tools.check

bench: $(READY) ## measure the recorder beside a no-op and a plain Django view
	$(BIN)/kepu bench

bench-office: $(READY) ## ask every staff page with 100,000 communicators and 5 million entries (minutes)
	$(BIN)/kepu bench --office --people 100000 --entries 5000000

bench-columns: $(READY_DEV) ## rank a million people's year by DuckDB, beside the same question by hand (a minute)
	$(BIN)/kepu bench --columns 1000000

columns: $(READY) ## install what `kepu columns` needs
	$(BIN)/pip install --quiet --require-hashes -r requirements-columns.lock

crash: $(READY_DEV) ## kill -9 under load, twenty rounds: every answered act is in the ledger once
	KEPU_DEEP=1 KEPU_CRASH_ROUNDS=20 $(BIN)/python -m pytest -m crash

figures: $(READY_DEV) ## a county's year on imported figures alone: twelve files of 5,000 rows, one corrected
	KEPU_FIGURES_ROWS=5000 $(BIN)/python -m pytest src/kepu/figures/tests/test_year.py

papers: $(READY_DEV) ## hold official papers against LibreOffice (needs libreoffice-writer)
	KEPU_REQUIRE_SOFFICE=1 $(BIN)/python -m pytest src/kepu/documents

spark: $(READY_DEV) ## a round's lists by PySpark on two workers are those of DuckDB (needs Java; large)
	$(BIN)/pip install --quiet "pyspark>=4.1"
	$(BIN)/python -m pytest tests/spark.py

lighthouse: $(READY_DEV) ## measure the home page and an article with Lighthouse (needs npm and Chromium)
	npm install --silent --no-audit --no-fund --prefix $(VENV)/lighthouse lighthouse@13
	KEPU_REQUIRE_CHROMIUM=1 $(BIN)/python -m pytest -s tests/lighthouse.py

screens: $(READY_DEV) ## take the screenshots in docs/screens anew (needs Chromium)
	KEPU_DEEP=1 KEPU_SCREENS=1 KEPU_REQUIRE_CHROMIUM=1 $(BIN)/python -m pytest tests/test_journey.py tests/test_journeys.py tests/test_office_*.py
	$(BIN)/python tools/screens.py

messages: $(READY_DEV) ## refresh and compile the Chinese catalogues
	$(BIN)/python tools/messages.py

notices: $(READY_DEV) ## read the sample notices and print precision and recall per field
	$(BIN)/python -m pytest src/kepu/campaigns/tests/test_notices.py -k every_field -s

lock: ## renew both lock files (needs uv and the network)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --quiet --custom-compile-command "make lock" --no-header -o requirements.lock --extra build
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --quiet --custom-compile-command "make lock" --no-header --extra columns -c requirements.lock -o requirements-columns.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --quiet --custom-compile-command "make lock" --no-header --group dev -c requirements.lock -o requirements-dev.lock

clean: ## remove what was built; the data folder stays
	rm -rf $(VENV) .migrated dist build .mypy_cache .ruff_cache .import_linter_cache .hypothesis
