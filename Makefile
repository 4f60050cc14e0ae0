# ShelfLens: `make demo` shows it, `make test` checks it, `make help` lists the rest.
#
# Variables go after `make`:  make demo PORT=8502 HOST=0.0.0.0 DATASET=complete_journey_sample

PORT ?= 8501
# not from the environment: some shells set HOST to the machine's name
HOST = 127.0.0.1
SHOP ?= $(DATASET)
PYTHON ?=
TORCH_INDEX ?=
# processes that run the tests side by side, 0 for this one alone; else as many as processors and memory allow
WORKERS ?=

PY = .venv/bin/python
# any Python 3 will do to say what is wrong; the script itself looks for one that is new enough
SETUP = python=$$(command -v "$(or $(PYTHON),python3)" || command -v python3 || command -v python); \
	if [ -z "$$python" ]; then \
		echo "ShelfLens: no Python was found. Install Python 3.11 or newer from python.org." >&2; exit 1; \
	fi; \
	PYTHON='$(PYTHON)' "$$python" .ci/setup_venv.py $(if $(TORCH_INDEX),--torch-index '$(TORCH_INDEX)')
# in a browser, "all addresses" is this machine
SHOWN_HOST = $(if $(filter 0.0.0.0 ::,$(HOST)),localhost,$(HOST))

ifneq ($(strip $(SHOP)),)
export SHELFLENS_SHOP := $(SHOP)
endif

.DEFAULT_GOAL := help
.PHONY: demo prepare test bench clean help

demo: ## install, prepare a first shelf, start the app; maps follow beside it (PORT, HOST, SHOP, PYTHON, TORCH_INDEX)
	@$(SETUP) --serve '$(HOST)' '$(PORT)'
	@$(PY) -m recsys prepare --first-shelf
	@exec $(PY) .ci/serve.py '$(HOST)' '$(PORT)' 'http://$(SHOWN_HOST):$(PORT)'

prepare: ## install and prepare the data, without starting the app
	@$(SETUP)
	@$(PY) -m recsys prepare

test: ## install what the checks need, then run all of them (PYTEST='-k feedback' narrows the tests)
	@$(SETUP) --dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m pytest -n $(or $(WORKERS),$$($(PY) .ci/workers.py)) --dist loadscope --no-loadscope-reorder $(PYTEST)

bench: ## measure speed, memory and quality, with the peers in the same run
	@$(SETUP) --dev
	@$(PY) -m recsys prepare
	$(PY) -m recsys benchmark

clean: ## remove prepared files and the tools' caches; feedback (data/state) and .venv stay
	rm -rf data/cache .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -path ./.venv -prune -o -name __pycache__ -type d -exec rm -rf {} +

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
