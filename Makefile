# demo       a data set of 1.6 million transactions, judged against real data
# demo-industrial  a year of pump stations and some weeks of bearings, in pictures
# setup      the environment for working on simgen: .venv
# check      style, types, import contracts
# test       every test but the long ones; test-long runs those, and those that compare with packages of
#            the group `long`
# fuzz       a million malformed messages for the CARLA server: minutes
# soak       100,000 ticks of the CARLA server with clients that come and go: half an hour
# check-exports  exports, read by the official readers of their formats: minutes; DATA=folder: yours
# check-clients  the CARLA server with the official client 0.9.15, which needs a Python 3.10: a minute
# bench      benchmarks, one after the other
# compare    ways to make rows like real ones, on the real reference data: simgen's own;
#            compare-peers those of others too, and docs/residuals.md (hours at first, then it resumes);
#            compare-scaling how the time grows with the rows
# docs       the documentation as HTML: docs/_build

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
REFERENCES := ulb_creditcard cdnow
READERS := $(patsubst benchmarks/readers/%.txt,%,$(wildcard benchmarks/readers/*.txt))
PEERS := $(patsubst benchmarks/peers/%.txt,.venv-peers/%/installed,$(wildcard benchmarks/peers/*.txt))

.PHONY: demo demo-industrial setup check test test-long fuzz soak check-exports check-clients bench compare compare-peers compare-scaling docs

demo: .venv/base
	@$(BIN)/simgen generate scenario=fraud/retail_bank out=data/demo executor=processes
	@if [ -d "$${SIMGEN_REFERENCE:-../shared/reference}" ]; then \
	  for reference in $(REFERENCES); do \
	    $(BIN)/simgen evaluate synthetic=data/demo reference=$$reference out=reports/demo_$$reference || exit; \
	  done; \
	  echo "Read data/demo/README.md, then open reports/demo_*/report.html"; \
	else \
	  echo "Read data/demo/README.md. There is no evaluation: the real reference data is not in"; \
	  echo "$${SIMGEN_REFERENCE:-../shared/reference}. Set SIMGEN_REFERENCE to its folder and run make demo again."; \
	fi

RUN_TO_FAILURE := $(foreach part,services inspections opportunities,scenario.upkeep.$(part)=false)

demo-industrial: .venv/base
	@$(BIN)/simgen generate scenario=industrial/pump_station out=data/demo_industrial/with_upkeep executor=processes
	@$(BIN)/simgen generate scenario=industrial/pump_station out=data/demo_industrial/run_to_failure executor=processes $(RUN_TO_FAILURE)
	@$(BIN)/simgen generate scenario=industrial/bearing_rig out=data/demo_industrial/bearings executor=processes
	@$(BIN)/python -c 'from simgen.pipeline.portray import portray; \
	  parts = ("with_upkeep", "run_to_failure", "bearings"); \
	  sets = {part.replace("_", " "): f"data/demo_industrial/{part}" for part in parts}; \
	  print("Open", portray(sets, out="reports/demo_industrial"))'

setup: .venv/dev

# Tests that need a package of the group `long`.
COMPARED := tests/cli/test_objectives.py tests/formats/test_croissant.py tests/worlds/road/sensors/test_embree.py

check: .venv/dev
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

# Tests start processes by the hundred, and each would compile our modules anew.
unexport PYTHONDONTWRITEBYTECODE

# One more worker than cores: some tests wait for processes of theirs.
WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

test: .venv/dev
	@$(BIN)/python -m tools.compile_kernels
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not slow"

test-long: .venv/long
	@$(BIN)/python -m pytest -m slow
	@$(BIN)/python -m pytest $(COMPARED)

fuzz: .venv/dev
	@SIMGEN_FUZZ=1000000 $(BIN)/python -m pytest tests/worlds/carla/server/test_fuzz.py -p no:randomly

soak: .venv/dev
	@$(BIN)/python -m benchmarks.soak

check-exports: .venv/dev $(READERS:%=.venv-readers/%/installed)
	@$(BIN)/python -m benchmarks.readers $(if $(DATA),data=$(DATA)) $(foreach name,$(READERS),$(name)=.venv-readers/$(name)/bin/python)

check-clients: .venv/dev .venv-clients/0.9.15/installed
	@SIMGEN_CARLA_PYTHON=$(CURDIR)/.venv-clients/0.9.15/bin/python $(BIN)/python -m pytest $(wildcard tests/worlds/carla/test_*.py)

bench: .venv/dev
	@set -e; for script in $(filter-out benchmarks/_%,$(wildcard benchmarks/*.py)); do \
	  echo "== $$script"; $(BIN)/python $$script; \
	done

compare: .venv/dev
	@$(BIN)/python -m benchmarks.residuals

compare-peers: .venv/dev $(PEERS)
	@$(BIN)/python -m benchmarks.residuals --peers --scaling --page docs/residuals.md

compare-scaling: .venv/dev
	@$(BIN)/python -m benchmarks.residuals.scaling

docs: .venv/dev
	@$(BIN)/python docs/build.py

.venv/dev: .venv/base
	@echo "Installing the development tools ..."
	@$(PIP) --group dev
	@touch $@

.venv/long: .venv/dev
	@echo "Installing what the long tests compare with ..."
	@$(PIP) --group long
	@touch $@

.venv/base: .venv/python pyproject.toml constraints.txt
	@echo "Installing simgen and what it needs into .venv ..."
	@$(PIP) --editable .
	@touch $@

# Each environment of peers and readers by itself: their pins contradict ours and each other.
define OWN_ENVIRONMENT
	@echo "Installing what $< names into $(@D) ..."
	@$(BIN)/python -m venv --clear --without-pip $(@D)
	@$(BIN)/python -m pip --python $(@D)/bin/python install --quiet -r $<
	@touch $@
endef

.venv-peers/%/installed: benchmarks/peers/%.txt .venv/python
	$(OWN_ENVIRONMENT)

.venv-readers/%/installed: benchmarks/readers/%.txt .venv/python
	$(OWN_ENVIRONMENT)

# Version 0.9.15 has wheels for Python 3.7, 3.8 and 3.10: make CLIENT_PYTHON=/path/to/python3.10
CLIENT_PYTHON := python3.10
.venv-clients/%/installed: .venv/python
	@echo "Installing the client of CARLA $* into $(@D) ..."
	@$(CLIENT_PYTHON) -m venv --clear --without-pip $(@D)
	@$(BIN)/python -m pip --python $(@D)/bin/python install --quiet carla==$*
	@touch $@

# A Python is tried, not looked up: a name on the PATH may belong to a shim that only complains.
# Debian parts Python from the installer that venv uses; then the pip that is there does its work.
.venv/python:
	@for python in $(PYTHON) python3.12 python3.11 python3 python; do \
	  $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' \
	    >/dev/null 2>&1 && found=$$python && break; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "simgen needs Python 3.11 or 3.12, and none is on the PATH:" \
	    "install one, or say where it is: make PYTHON=/path/to/python3.12" >&2; exit 1; \
	fi; \
	echo "Making .venv with $$($$found --version) ..."; \
	$$found -m venv --clear .venv >/dev/null 2>&1 || { \
	  $$found -m venv --clear --without-pip .venv && \
	  $$found -m pip --python .venv/bin/python install --quiet pip; \
	} || { \
	  echo "$$found can't make an environment: it lacks venv or pip (Debian:" \
	    "apt-get install python3-venv python3-pip)" >&2; exit 1; \
	}
	@# Groups of dependencies need pip 25.1.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@touch $@
