# Every target sets up what it needs; make and python3 are enough to start.
SETUP := sh tools/setup.sh
BIN := .venv/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help lab test check bench web clean

help: ## this list
	@echo 'make TARGET'
	@sed -n 's/^\([a-z]*\): ## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST)

lab: ## serve the lab and open it in a browser (ARGS="--port 8000 --no-browser")
	@$(SETUP) lab
	@$(BIN)/ironlaw lab $(ARGS)

test: ## run all tests, the browser's included (ARGS="-k roofline")
	@$(SETUP) dev
	@$(SETUP) browser
	@$(SETUP) pyodide
	@$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

check: ## lint, format, types, imports, and the committed page against its source
	@$(SETUP) dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports --no-logo
	$(BIN)/python tools/check_bundle.py

bench: ## measure the budgets that the README quotes
	@$(SETUP) dev
	@$(SETUP) browser
	@$(BIN)/python benchmarks/run.py $(ARGS)

web: ## rebuild the page from web/ (needs Node 20 or newer)
	cd web && npm ci && npm run build

clean: ## remove the environment, caches and build products
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist web/node_modules
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -rf src/ironlaw.egg-info
