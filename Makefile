# Two commands matter: `make site` installs the scenario on simulated machines, `make test` proves it.
# Both set up all they need on a fresh Debian or Ubuntu; `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
# The environment is brought up to date whenever a requirement changes.
STAMP := $(VENV)/.stamp-$(shell cat constraints.txt requirements*.txt | sha256sum | cut -c 1-16)
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
# Ansible wants UTF-8; this locale needs no package and no set-up.
export LC_ALL := C.UTF-8

PYTHON := $(VENV)/bin/python
KERNEL := .cache/sipnat/kernel
LAB := $(PYTHON) -m lab
PYTEST := $(PYTHON) -m pytest -n 2
INVENTORY := -i inventories/rtp -i $(or $(LAB_OVERLAY),inventories/lab)

# -- the scenario ------------------------------------------------------------------------------------------------------
.PHONY: site
site: setup ## Install the scenario on the lab; again: nothing changes. ARGS="--check --diff" and the like are passed on
	@if status=$$($(LAB) status); then tail -n 1 <<< "$$status"; else $(LAB) up; fi
	ansible-playbook site.yml $(INVENTORY) $(ARGS)

.PHONY: status
status: setup ## Show the hosts of the lab
	$(LAB) status

.PHONY: down
down: setup ## Stop the lab; its hosts keep their disks
	$(LAB) down

.PHONY: clean
clean: setup ## Stop the lab and remove its hosts, with every result of builds and tests
	$(LAB) clean
	LAB_STATE=$(CURDIR)/.cache/molecule/lab LAB_OVERLAY=$(CURDIR)/.cache/molecule/lab/inventory $(LAB) clean # with KEEP=1 it runs
	rm -rf build .cache .pytest_cache .mypy_cache .ruff_cache tests/output

# -- tests -------------------------------------------------------------------------------------------------------------
.PHONY: check
check: setup lint quick ## The fast loop: linters, types, unit tests, those of the SIP NAT proxy

.PHONY: quick
quick: setup ## The tests that need no lab: unit tests, those of the SIP NAT proxy
	$(PYTEST) tests/unit files/proxy/tests

.PHONY: lab
lab: setup ## All tests that need labs of their own, the long ones too
	$(PYTEST) tests/site tests/lab

.PHONY: test
test: setup ## Every gate, every test but the long ones, one role by Molecule; closes with the line of pytest
	$(MAKE) --jobs 2 --output-sync=target lint packaging docs sanity
	tests/gates/units
	tests/gates/fuzz
	tests/gates/molecule db2
	$(PYTEST) --ignore tests/unit/plugins -m "not long"

.PHONY: lint
lint: setup ## Python, YAML, shell and Ansible linters, types
	ruff check .
	ruff format --check .
	mypy
	yamllint --strict .
	ansible-lint --offline
	shellcheck scripts/* tests/gates/* .ci/run
	check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(PYTHON) docs/site/role_readmes.py --check

.PHONY: artifact
artifact: setup ## Build the collection; check its changelog and its documentation
	tests/gates/artifact

.PHONY: packaging
packaging: artifact ## Install the collection elsewhere, import it as Galaxy does, make the context of its execution environment
	tests/gates/packaging

.PHONY: versions
versions: setup ## Plugins, modules and the whole job on the lowest to the newest ansible-core. VERSION=2.16 for one
	tests/gates/versions $(VERSION)

.PHONY: docs
docs: setup ## Build the documentation site, build/docs/html; every link inside leads somewhere
	tests/gates/docs

.PHONY: readmes
readmes: setup ## Write the tables of variables in the READMEs of roles
	$(PYTHON) docs/site/role_readmes.py

.PHONY: sanity
sanity: artifact ## Run ansible-test sanity on the built collection
	tests/gates/sanity

.PHONY: units
units: setup ## Run ansible-test units: the tests of the plugins, at the place where it wants them
	tests/gates/units

.PHONY: molecule
molecule: setup ## Every role on fresh simulated hosts: check, converge, idempotence, verify. SCENARIO=db2 for one, KEEP=1 keeps its lab
	tests/gates/molecule $(SCENARIO)

.PHONY: fuzz
fuzz: setup ## Fuzz the SIP proxy for ten minutes, with other inputs every time
	tests/gates/fuzz 600

# -- set-up ------------------------------------------------------------------------------------------------------------
.PHONY: setup
setup: $(STAMP) $(KERNEL)
	@scripts/debian-packages
	@$(PYTHON) -m lab.compiled

$(STAMP):
	scripts/debian-packages
	scripts/virtualenv $(VENV)
	rm -f $(VENV)/.stamp-*
	touch $@

# The SIP proxy's kernel, compiled where its tests import it from. The newest setuptools for Python 3.8 knows no other form of
# the licence than the one that newer ones warn of.
$(KERNEL): files/proxy/src/sipnat/kernel/_kernel.c files/proxy/setup.py $(STAMP)
	rm -f files/proxy/src/sipnat/kernel/_kernel.*.so
	cd files/proxy && PYTHONWARNINGS=ignore::UserWarning $(CURDIR)/$(PYTHON) setup.py --quiet build_ext --inplace --force
	ls files/proxy/src/sipnat/kernel/_kernel.*.so > /dev/null # setuptools only warns when it cannot be built
	mkdir -p $(@D)
	touch $@

.PHONY: help
help: ## Show this
	@sed -nE 's/^([a-z]+):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | sort | while IFS=$$'\t' read -r target text; do printf '  make %-10s %s\n' "$$target" "$$text"; done
