# make run, make test, make check, make conformance, make bench, make scripts, make screenshots: each sets up what it needs, and again only when it changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := kg server unipact tests benchmarks

.PHONY: run test check conformance bench scripts screenshots train-linker lock docs clean
.DELETE_ON_ERROR:

run: $(VENV)/.installed scripts
	$(BIN)/unipact build
	$(BIN)/unipact serve

test: $(VENV)/.installed-dev scripts
	$(BIN)/python -m pytest -q -n auto

check: $(VENV)/.installed-dev
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/cog --check docs/*.md
	$(BIN)/python -m pytest -q -p no:cacheprovider tests/house

# The W3C SPARQL suites over HTTP; UNIPACT_W3C names their folder.
conformance: $(VENV)/.installed-dev
	$(BIN)/python -m tests.conformance

bench: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.build

$(VENV)/.installed: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

# The scripts of the pages, when their sources changed; Node.js comes from PyPI where the system has none.
# Without a network nothing is built, and the pages work without scripts.
scripts: $(VENV)/.installed
	@$(BIN)/python server/frontend/build.py --find-node || \
		$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-node.lock || true
	@$(BIN)/python server/frontend/build.py

# Pictures of each page, on a desk in light and dark and on a phone; UNIPACT_CHROMIUM names the browser.
screenshots: export UNIPACT_CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
screenshots: $(VENV)/.installed-dev scripts
	@test -x "$(UNIPACT_CHROMIUM)" || { echo "no Chromium here; install it or name it by UNIPACT_CHROMIUM"; exit 1; }
	$(BIN)/python -m tests.browser.screenshots $(PAGES)

# The weights of the matcher, from mentions whose records are known: RECORDS is a dump of ROR, MENTIONS a table.
train-linker: $(VENV)/.installed-dev
	$(BIN)/python -m kg.matching.training --records "$(RECORDS)" --mentions "$(MENTIONS)"

# Generated parts of the docs, and the key table of the ontology.
docs: $(VENV)/.installed-dev
	$(BIN)/cog -r docs/*.md
	$(BIN)/python -c 'from pathlib import Path; from kg.ontology import *; \
		folder = Path("ontology"); text = context_document(Ontology.load(folder)); \
		(folder / "context.jsonld").write_text(text, encoding="utf-8")'

# For maintainers, with uv and npm at hand.
lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		pyproject.toml requirements-build.in -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		pyproject.toml requirements-build.in --group dev -c requirements.lock -o requirements-dev.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		requirements-node.in -o requirements-node.lock
	npm install --prefix server/frontend --package-lock-only

clean:
	rm -rf $(VENV) build dist server/static/built server/frontend/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
