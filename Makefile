# make demo · make test · make lint · make gate · make eval · make invariance · make bench — each sets itself up the first time.
PYTHON ?= $(shell for p in python3.12 python3.11 python3.13 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
DEMO := extracted/demo.db
JOBS ?= auto

export PYTHONUTF8 := 1

.PHONY: demo test ocr lint gate eval invariance bench notebook samples clean help

help:
	@sed -n 1p Makefile

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更新 / Python 3.11 or newer is needed" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# Stamps: nothing is installed again until pyproject.toml changes.
$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/.installed

demo: $(VENV)/.installed
	$(BIN)/duibiao ingest corpus --db $(DEMO)
	@echo
	$(BIN)/duibiao compare --top 6 --db $(DEMO)
	@echo
	$(BIN)/duibiao ask 双师型 --db $(DEMO)

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

# Text recognition for scans and pictures, about 450 MB; works offline afterwards.
ocr: $(BIN)/python
	$(PIP) --editable '.[ocr]'

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/duibiao lexicon check

# The floors of tests/eval/floors.toml: the founding plans (where ../shared is) and the sample corpus.
gate: $(VENV)/.installed-dev
	$(BIN)/python -m pytest tests/eval tests/test_sample_corpus.py

# Every figure of the accuracy section of the README, with its floor; what needs ../shared is left out without it.
eval: $(VENV)/.installed-dev
	$(BIN)/python tests/eval/report.py

# Every plan rendered to every format and read back (floors: tests/invariance/floors.toml); LibreOffice and Chromium make
# the office formats, PDF and scans, and what is not installed is left out: make invariance ARGS='--formats docx --misses'
invariance: $(VENV)/.installed-dev
	$(BIN)/python tests/invariance/run.py $(ARGS)

# Milliseconds per page of each reader against its library's bare call; what needs a program that is not installed is
# left out: make bench ARGS='--formats docx,xlsx'
bench: $(VENV)/.installed-dev
	$(BIN)/python tests/bench/readers.py $(ARGS)

notebook: $(VENV)/.installed-dev
	$(BIN)/python -m pytest tests/test_notebooks.py

# Only after a change of tests/corpus_sources; the PDF needs LibreOffice: make samples PDF=--pdf
samples: $(VENV)/.installed-dev
	$(BIN)/python tests/make_corpus.py $(PDF)

clean:
	rm -rf $(VENV) $(DEMO) $(DEMO)-* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
