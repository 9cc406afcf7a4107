# Each target sets up .venv by itself if it is missing or older than the lock. `make PYTHON=python3.12 ...` chooses another Python.
# Colab's Python first, so that what runs for a student runs for the grader. A pyenv shim may be there and not run.
COLAB := $(patsubst %.txt,%,$(lastword $(subst -python, ,$(lastword $(sort $(wildcard tests/colab/*-python*.txt))))))
PYTHON ?= $(shell for v in $(COLAB) 3.13 3.12 3.11; do for p in python$$v $(HOME)/.pyenv/versions/$$v.*/bin/python; do \
  $$p -c "import ensurepip" 2>/dev/null && echo $$p && exit; done; done; echo python3)
BIN := $(CURDIR)/.venv/bin
READY := .venv/.ready
# nbgrader and Jupyter call their helpers by bare name.
export PATH := $(BIN):$(PATH)

.PHONY: help demo test test-full test-colab test-pythons lab build bench lock
help:
	@echo "make demo          see the course do its job: data, lessons, marks (at most 4 minutes after set-up)"
	@echo "make test          the whole test suite on tiny data"
	@echo "make test-full     also practice size, stock nbgrader on everything, every answer graded three ways, many seeds"
	@echo "make test-colab    the student's side on what Colab ships (Python 3.12 and 3.13 must be installed)"
	@echo "make test-pythons  the same marks under Python 3.11, 3.12 and 3.13, those that are installed (about 30 minutes)"
	@echo "make lab           JupyterLab on a copy of the student notebooks, in lab/"
	@echo "make build         derive the student notebooks from solutions/"
	@echo "make bench         the benchmarks, side by side"
	@echo "make lock          write requirements.lock again from pyproject.toml and the newest list in tests/colab/"

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c "import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else 'Python 3.11 to 3.13 is needed, this is %d.%d: try make PYTHON=python3.12 ...' % v)"
	@$(PYTHON) -c "import sys; v = '%d.%d' % sys.version_info[:2]; print('Setting up .venv with $(PYTHON), Python', v, '(about 2 minutes, 3 GB) ...'); v == '$(COLAB)' or print('note: graded with Python ' + v + '; Colab has $(COLAB): cells that only one of them reads end as needs_review (make PYTHON=python$(COLAB) takes another Python)')"
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -c "from helpers import audio; audio.warm_up()"
	@touch $@

demo: $(READY)
	@$(BIN)/python -m grading.demo

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/course build --check
	$(BIN)/python -m pytest -n 2 --dist loadfile

test-full: $(READY)
	$(BIN)/ruff check .
	$(BIN)/course build --check
	$(BIN)/python -m pytest -n 2 --dist loadfile --full

test-colab: $(READY)
	$(BIN)/python -m tests.colab.run

test-pythons: $(READY)
	$(BIN)/python -m tests.pythons.run

lab: $(READY)
	@mkdir -p lab && cp -n notebooks/*.ipynb lab/
	$(BIN)/jupyter lab --notebook-dir=lab

build: $(READY)
	$(BIN)/course build

bench: $(READY)
	for script in benchmarks/*.py; do $(BIN)/python $$script || exit 1; done
	$(BIN)/course gauge --json benchmarks/results/gauge.json

lock: $(READY)
	$(BIN)/python -m grading.colab
