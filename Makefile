# The commands of the README; `make help` lists them.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made-from-lock

export PATH := $(CURDIR)/$(BIN):$(PATH)
export DVC_NO_ANALYTICS := 1
export MPLBACKEND := Agg
# The same bytes on every run: no date of today in a file, polars' engine that sums in one order, hashes in one order.
export SOURCE_DATE_EPOCH := 0
export POLARS_ENGINE_AFFINITY := in-memory
export PYTHONHASHSEED := 0

.DEFAULT_GOAL := help
.PHONY: help repro test verify lab check format strip lock punkt pictures clean

help:  ## list these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

repro: $(STAMP)  ## run what is not up to date, and say where the results are
	@if [ ! -e .git ]; then dvc config --local core.no_scm true; fi
	dvc repro
	@echo; echo "Results:"; python -m corpus_tools results

test: $(STAMP)  ## run the whole test suite
	python -m pytest -n auto --dist loadscope

verify: $(STAMP)  ## run all again on one worker, and compare the bytes
	dvc repro
	cp dvc.lock .before.lock
	CORPUS_TOOLS_WORKERS=1 dvc repro --force --no-run-cache
	diff .before.lock dvc.lock && rm .before.lock && echo "The same bytes."

lab: $(STAMP)  ## open JupyterLab on the notebooks
	jupyter lab --notebook-dir=. notebooks/1_corpus.ipynb

check: $(STAMP)  ## format, lint, types, imports one way
	ruff format --check .
	ruff check .
	mypy
	lint-imports

format: $(STAMP)  ## format the code and strip the notebooks
	ruff format .
	ruff check --fix .
	python -m corpus_tools strip

strip: $(STAMP)  ## clear the outputs of the source notebooks
	python -m corpus_tools strip

lock: $(STAMP)  ## pin the newest versions that pyproject.toml allows (needs uv)
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header --extra dev \
		pyproject.toml -o requirements.lock --upgrade

punkt: $(STAMP)  ## learn sentence ends anew for texts outside a corpus
	python -c 'import corpus_tools as ct; from corpus_tools.tokenise.punkt import train; \
		print(train(ct.open_corpus().documents.collect()["text"].to_list()).to_json())' > punkt.tmp
	mv punkt.tmp corpus_tools/tokenise/punkt_news.json

pictures: $(STAMP)  ## copy the figures that the README shows
	dvc repro figures
	mkdir -p docs/pictures
	for name in timeline topics_over_time sentiment_over_time; do cp figures/$$name-183mm.png docs/pictures/$$name.png; done
	cp figures/topic_terms-89mm.png docs/pictures/topic_terms.png
	cp figures/report_lengths-89mm.png docs/pictures/report_lengths.png

clean:  ## remove what was made, but not the environment
	rm -rf data figures logs notebooks/executed

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "error: $(PYTHON) is older than Python 3.11; give another: make PYTHON=python3.12"; exit 2; }
	@# Debian's Python comes without ensurepip: then the pip outside fills the environment.
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV) 2>/dev/null || $(PYTHON) -m venv --without-pip $(VENV)
	@if $(BIN)/python -m pip --version >/dev/null 2>&1; then pip="$(BIN)/python -m pip"; \
	elif $(PYTHON) -m pip --version >/dev/null 2>&1; then pip="$(PYTHON) -m pip --python $(BIN)/python"; \
	else echo "error: no pip found; install it (Debian, Ubuntu: apt install python3-pip)"; exit 2; fi; \
	set -ex; \
	$$pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock; \
	$$pip install --quiet --disable-pip-version-check --no-index --no-build-isolation --no-deps -e .
	@touch $@
