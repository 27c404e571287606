# What people do with this house. Everything runs in .venv, made from requirements.lock on first use.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
OUT    ?= out/demo
ARGS   ?=

# Groups of tests that need programs of the operating system: group, then programs.
GROUPS := browser:chromium office:soffice,pdftotext,pdftoppm

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo play up test lint pytest bench gallery compose-check docs mutants clean lock

help: ## What there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY) ## One order through its whole life; files in out/demo
	@$(BIN)/klyngeflow demo --out $(OUT)

play: $(READY) ## The whole system in a browser, on a clock you move; Ctrl-C ends it
	@$(BIN)/klyngeflow demo --serve $(ARGS)

up: $(READY) ## The whole system on this machine; Ctrl-C stops it
	@$(BIN)/klyngeflow up $(ARGS)

test: lint ## Lint, then all tests
	@$(MAKE) --no-print-directory pytest

lint: $(READY) ## Format, lint, types, import contracts, dead code
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/vulture --config vulture.toml

pytest: $(READY) ## All tests, or some: make pytest ARGS=tests/domain
	@without=; \
	for group in $(GROUPS); do \
	  lacking=; \
	  for program in $$(echo "$${group#*:}" | tr , ' '); do \
	    command -v "$$program" > /dev/null || lacking="$$lacking $$program"; \
	  done; \
	  if [ -n "$$lacking" ]; then \
	    if [ "$$CI" = true ]; then \
	      echo "The tests marked '$${group%%:*}' can't run: missing$$lacking. CI runs all tests: install it (see .ci/run)." >&2; \
	      exit 1; \
	    fi; \
	    echo "Left out: the tests marked '$${group%%:*}', because this machine lacks$$lacking (see .ci/run)."; \
	    without="$${without:+$$without and }not $${group%%:*}"; \
	  fi; \
	done; \
	exec $(BIN)/pytest -n 4 --dist loadgroup -m "$$without" $(ARGS)

bench: $(READY) ## All benchmarks, one after the other
	@for file in $$(grep -l '^if __name__ == "__main__":' benchmarks/*.py); do \
	  echo; echo "== $$file"; \
	  $(BIN)/python -m "benchmarks.$$(basename "$$file" .py)" || exit 1; \
	done

gallery: $(READY) ## Every slide and page of many cases as contact sheets, in out/gallery, to be looked at
	@$(BIN)/python -m tests.gallery --out out/gallery $(ARGS)

compose-check: $(READY) ## The image and docker-compose.yml's services, run in containers; as root, with podman
	@$(BIN)/python -m tests.containers $(ARGS)

mutants: $(READY) ## Do tests notice changed rules and guards? All, or some: make mutants ARGS=domain/disclosure.py
	@$(BIN)/python -m tests.project.mutants $(ARGS)

docs: $(READY) ## The reference pages in docs/ anew: commands.md, domain-rules.md
	@$(BIN)/python -m tests.project.reference

clean: ## Remove what was made: out/ and caches. Not .venv, never data/
	rm -rf out .hypothesis .import_linter_cache .mypy_cache .ruff_cache
	find . -path ./$(VENV) -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

lock: ## Make both locks anew, with the newest versions allowed: everything, and what the image runs
	$(PYTHON) -m venv out/lock
	out/lock/bin/pip install --quiet uv
	out/lock/bin/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --upgrade \
	  --generate-hashes --no-header --quiet --output-file requirements.lock
	out/lock/bin/uv pip compile pyproject.toml --extra build --universal --python-version 3.11 --constraint requirements.lock \
	  --generate-hashes --no-header --no-annotate --quiet --output-file requirements-image.lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' 2> /dev/null || { \
	  found=$$($(PYTHON) --version 2>&1) || found="not to be found"; \
	  echo "Klyngeflow needs Python 3.11 or 3.12; '$(PYTHON)' is $$found. Name another: make PYTHON=python3.12 …" >&2; \
	  exit 1; \
	}
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) …"
	@$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
