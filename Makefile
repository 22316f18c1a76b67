# `make docs` and `make test` set up all they need in .venv, once.

PYTHON ?= python3
VENV := .venv
BACKEND := tensorflow
# Keras 2 runs on TensorFlow alone.
LEGACY_tensorflow := ,legacy
EXTRAS := $(BACKEND)$(LEGACY_$(BACKEND)),graphviz
BIN := $(VENV)/bin
# Tests in a browser, and beside other extensions, are run in one environment.
GROUPS_.venv := --group themes --group neighbours
PACKAGE := sphinxcontrib_kerasgraph
SCRIPT := $(PACKAGE)/static/kerasgraph.js
# Without npm, pip brings Node.js when it builds the package.
HERE_SCRIPT := $(if $(shell command -v npm),$(SCRIPT))
NODE := $(PACKAGE)/script/node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help words docs docs-without-keras docs-all test test-rooms test-slow fuzz test-oldest test-jax test-torch test-hub matrix script lint types fault-table images clean

help:
	@echo "make docs    build the documentation, which draws real Keras models"
	@echo "make docs-without-keras  build it again, without Keras, and compare"
	@echo "make docs-all  build it for all outputs: directories, LaTeX and PDF, EPUB"
	@echo "make test    run the tests"
	@echo "make test-slow  run those that take minutes, which make test leaves out"
	@echo "make fuzz    draw random graphs, and try what else may be any text (KERASGRAPH_FUZZ=$(KERASGRAPH_FUZZ))"
	@echo "make test-rooms  run the unit tests that need neither Sphinx nor Keras, in some minutes"
	@echo "make test-oldest  run them with the oldest releases we support, but for some"
	@echo "make test-jax     run those of extraction with JAX"
	@echo "make test-torch   run those of extraction with torch"
	@echo "make test-hub     hold the backbones of keras_hub against what they do, in some minutes"
	@echo "make matrix  run parts of the tests with releases of Sphinx, Keras and Python, by nox"
	@echo "make script  bundle the script of diagrams again, after a change"
	@echo "make lint    run ruff, check what imports what, and the script of diagrams"
	@echo "make types   run mypy"
	@echo "make words   bring the catalogs of translations up to date"
	@echo "make images  draw the picture of the README again"
	@echo "make clean   remove what was built, and .venv"

# Where Python comes without the parts that `venv` needs (Debian), virtualenv does the same.
$(BIN)/pip:
	$(PYTHON) -m venv $(VENV) || { \
	  rm -rf $(VENV) && \
	  $(PYTHON) -m pip install --quiet --target $(VENV)-bootstrap virtualenv && \
	  PYTHONPATH=$(VENV)-bootstrap $(PYTHON) -m virtualenv --quiet $(VENV) && \
	  rm -rf $(VENV)-bootstrap; }

# What bundles and checks the script of diagrams.
$(NODE): $(PACKAGE)/script/package-lock.json
	cd $(PACKAGE)/script && npm ci --no-audit --no-fund --silent
	@touch $@

$(SCRIPT): $(NODE) $(wildcard $(PACKAGE)/script/*.js)
	cd $(PACKAGE)/script && npm run build --silent

script: $(SCRIPT)

# One stamp for each set of packages, newer than the file that lists them.
$(VENV)/docs.stamp: $(BIN)/pip pyproject.toml | $(HERE_SCRIPT)
	@echo "Installing Sphinx and $(EXTRAS) into $(VENV); the first time this takes a minute or two."
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable ".[$(EXTRAS)]" --group docs
	@touch $@

$(VENV)/test.stamp: $(VENV)/docs.stamp
	$(BIN)/python -m pip install --quiet --group test $(GROUPS_$(VENV))
	@touch $@

$(VENV)/check.stamp: $(VENV)/test.stamp
	$(BIN)/python -m pip install --quiet --group lint --group types
	@touch $@

SPHINX := -m sphinx --fail-on-warning --keep-going --nitpicky --jobs auto

docs: $(VENV)/docs.stamp
	$(BIN)/python $(SPHINX) -b html docs docs/_build/html
	@echo "Look at docs/_build/html/index.html"

# An environment without Keras draws the same from snapshots, to the byte.
docs-without-keras: $(VENV)/docs.stamp
	rm -rf docs/_build
	$(MAKE) docs
	$(BIN)/kerasgraph snapshot docs -q -D kerasgraph_snapshot_dir=_build/models \
	  -D kerasgraph_cache_dir=_build/html/.doctrees/kerasgraph
	$(MAKE) VENV=.venv-lean EXTRAS=graphviz .venv-lean/docs.stamp
	! .venv-lean/bin/python -c "import keras" 2>/dev/null
	.venv-lean/bin/python $(SPHINX) -b html \
	  -D kerasgraph_snapshot_dir=_build/models docs docs/_build/lean
	diff -rq --exclude=.doctrees --exclude=.buildinfo docs/_build/html docs/_build/lean

# Pages are read once for all, and models are those that `docs` has built. It needs LaTeX.
docs-all: docs
	for builder in dirhtml latex epub; do \
	  $(BIN)/python $(SPHINX) -b $$builder -d docs/_build/doctrees \
	    -D kerasgraph_cache_dir=_build/html/.doctrees/kerasgraph docs docs/_build/$$builder || exit 1; \
	done
	$(MAKE) -C docs/_build/latex all-pdf LATEXMKOPTS="-interaction=nonstopmode -halt-on-error -silent"

test: $(VENV)/test.stamp
	$(BIN)/python -m pytest

# Those that hold the whole zoo against what its models do, both ways of tracing against each other,
# and what is the same on each theme, device and machine; and laws with more random cases.
SLOW = $(BIN)/python -m pytest -m "slow or law" --hypothesis-profile=all
# Files of these share builds, which would be made by each process if they were spread.
SHARING := $(addprefix tests/,ext browser worker)

test-slow: $(VENV)/test.stamp
	$(SLOW) $(SHARING)
	$(SLOW) --dist=load $(addprefix --ignore=,$(SHARING))

# So many graphs, on all processors; what fails is told with its seed, which begins with this one.
KERASGRAPH_FUZZ ?= 100000
KERASGRAPH_FUZZ_SEED ?= $(shell date +%s)

fuzz: $(VENV)/test.stamp
	KERASGRAPH_FUZZ=$(KERASGRAPH_FUZZ) KERASGRAPH_FUZZ_SEED=$(KERASGRAPH_FUZZ_SEED) \
	  $(BIN)/python -m pytest -v -n auto --dist=load tests/test_fuzz.py

# The rooms of tests of what needs neither Sphinx nor Keras, in an interpreter that refuses to import
# them. Laws are tried with fewer random graphs than by `make test`.
ROOMS := $(addprefix tests/,graph view label summary scene draw compare diff \
  test_options.py test_styles.py test_target.py test_store.py)

test-rooms: $(VENV)/test.stamp
	$(BIN)/python -m pytest -p no_frameworks --hypothesis-profile=few $(ROOMS)

# The oldest releases that pyproject.toml allows, in an environment of their own.
test-oldest:
	PIP_CONSTRAINT=$(CURDIR)/tests/constraints-oldest.txt \
	  $(MAKE) VENV=.venv-oldest .venv-oldest/test.stamp
	KERASGRAPH_REAL_BUILDS=1 .venv-oldest/bin/python -m pytest tests/ext/test_html.py \
	  tests/ext/test_builders.py tests/ext/test_autodoc.py \
	  tests/ext/test_faults.py tests/cli/test_entry.py tests/cli/test_diff.py \
	  tests/ext/test_incremental.py tests/ext/test_snapshots.py tests/draw tests/extract tests/test_api.py \
	  tests/models/test_drawings.py tests/models/test_overviews.py tests/models/test_facts.py

# Extraction is the same with every backend; each has an environment of its own.
test-jax test-torch: test-%:
	$(MAKE) VENV=.venv-$* BACKEND=$* .venv-$*/test.stamp
	KERAS_BACKEND=$* .venv-$*/bin/python -m pytest tests/extract

# keras_hub chooses the releases of Keras and TensorFlow that it needs.
test-hub:
	$(MAKE) VENV=.venv-hub .venv-hub/test.stamp
	.venv-hub/bin/python -m pip install --quiet --group hub
	.venv-hub/bin/python -m pytest --dist=load tests/hub

# Releases of Sphinx, Keras and Python, each in an environment of its own: `make matrix ONE='-s "sphinx(8.1)"'`.
matrix: $(VENV)/docs.stamp
	$(BIN)/python -m pip install --quiet --group matrix
	$(BIN)/python -m nox $(ONE)

lint: $(VENV)/check.stamp $(NODE)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	cd $(PACKAGE)/script && npm run check --silent

types: $(VENV)/check.stamp
	$(BIN)/mypy

# Babel comes with Sphinx. What isn't used any more is dropped, and what is new is empty.
LOCALES := $(PACKAGE)/locale
MESSAGES := $(VENV)/kerasgraph.pot

words: $(VENV)/docs.stamp
	$(BIN)/pybabel -q extract -F pyproject.toml --no-wrap --add-location=file --sort-by-file \
	  -o $(MESSAGES) .
	$(BIN)/pybabel -q update -i $(MESSAGES) -D kerasgraph -d $(LOCALES) --no-wrap \
	  --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

# The faults that tests provoke: see tests/provoked.py.
fault-table: $(VENV)/check.stamp
	$(BIN)/pytest -q -n0 --collect-only --fault-table=docs/howto/fault-table.csv tests | tail -1

images: $(VENV)/docs.stamp
	$(BIN)/python docs/draw_readme_image.py

clean:
	rm -rf $(VENV) .venv-oldest .venv-jax .venv-torch .venv-hub .venv-lean .nox docs/_build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache $(PACKAGE)/script/node_modules $(SCRIPT)
