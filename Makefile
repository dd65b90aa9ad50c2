# The commands of the project; each sets up whatever is missing first.
.DEFAULT_GOAL := help
.PHONY: help all build verify conformance test endure mutate bench bench-short fuzz audit sbom lint clean lock wheel pictures

PUBLISHER := .venv/bin/publisher

help: ## Say what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{ printf "  make %-11s %s\n", $$1, $$2 }'

all: ## Set up, build every edition under source/ and verify it
	@tools/setup.sh run
	@$(PUBLISHER) build
	@$(PUBLISHER) verify --changed

build: ## Set up and build every edition
	@tools/setup.sh run
	@$(PUBLISHER) build

verify: ## Read every built format back and compare it with the source
	@tools/setup.sh run
	@$(PUBLISHER) verify

conformance: ## Install EPUBCheck, Ace and the Nu checker, and have them judge every edition
	@tools/setup.sh dev
	@$(PUBLISHER) build
	@$(PUBLISHER) verify --conformance

test: ## Set up and run all tests
	@tools/setup.sh dev
	@.venv/bin/python -m pytest -n auto

endure: ## Kill 200 builds and run 50 pairs at once, where `make test` takes a sample
	@tools/setup.sh dev
	@PUBLISHER_ENDURE=1 .venv/bin/python -m pytest -n auto tests/wholeness

mutate: ## Spoil built files in a hundred ways and see that verifying names each fault
	@tools/setup.sh dev
	@.venv/bin/python tests/mutations

bench: bench-short ## Time every row beside the plain tools, and check the model of scale (three hours)
	@.venv/bin/python bench/bench.py --long
	@.venv/bin/python bench/scale.py --check 10,100,1000
	@.venv/bin/python bench/draw.py

bench-short: ## Of the rows, those that take half an hour together
	@tools/setup.sh dev
	@.venv/bin/python bench/bench.py
	@.venv/bin/python bench/draw.py

fuzz: ## Feed our parsers with made-up input, 60 seconds each (SECONDS=10 make fuzz)
	@tools/setup.sh dev
	@tools/fuzz.sh $(or $(SECONDS),60)

audit: ## Ask the vulnerability service about every locked package (needs the network)
	@tools/setup.sh dev
	@.venv/bin/python tools/audit.py

sbom: ## Write build/sbom.cdx.json: what is installed, what wheels carry, under which licences
	@tools/setup.sh run
	@.venv/bin/python tools/sbom.py

lint: ## Types, style, format
	@tools/setup.sh dev
	@.venv/bin/mypy
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .

lock: ## Lock the dependencies anew (needs uv)
	@tools/lock.sh

wheel: ## Build the wheel into dist/
	@tools/setup.sh dev
	@.venv/bin/python -m hatchling build -t wheel

pictures: build ## Take the README's pictures anew
	@tools/setup.sh dev
	@.venv/bin/python tools/pictures.py

clean: ## Remove what was built (not .venv, not the user's cache)
	@rm -rf build dist
