# SPDX-License-Identifier: Apache-2.0
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= python3
PORT ?= 8888
ARGS ?=
JOBS ?= $(shell nproc)
export PYTHON

VENV := .venv
PIP := $(VENV)/bin/pip
STEP := scripts/step.sh
CONSTRAINTS := requirements/constraints.txt
ui_tests := labextension/ui-tests
RUST_CLIENT := build/rust_client/debug/rust_client

# What is built depends on these files; anything newer builds it again.
files = $(shell find $(1) -type f -not -path '*/node_modules/*' -not -path '*/lib/*' -not -path '*/.*' \
                -not -path '*/__pycache__/*' -not -name '*.tsbuildinfo' $(2) 2>/dev/null)
DAEMON_SOURCES := $(call files,CMakeLists.txt CMakePresets.json cmake daemon api,-not -path '*/test/*')
LAB_SOURCES := $(call files,labextension,-not -path '$(ui_tests)/*' -not -path '*/generated/*') api/openapi.yaml
PYTHON_SOURCES := $(call files,python/firesteel,-not -path '*/firesteel/labextension/*' -not -name _version.py)

.PHONY: help
help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z][a-z0-9-]*:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  PYTHON=python3.11  PORT=8888  ARGS='--no-browser'  JOBS=2 can be given"

##### set-up: each step leaves a stamp, so that it is done once

.PHONY: setup-run setup-test setup-lint setup-bench
setup-run: $(VENV)/.run ## Install what building and running need
setup-test: $(VENV)/.test $(ui_tests)/node_modules/.stamp ## Install what the tests need
setup-lint: $(VENV)/.lint labextension/node_modules/.stamp ## Install what lint and format need
setup-bench: build/stamps/packages-bench ## Install the proxies that the gateway is compared with

build/stamps/packages-%: scripts/setup.sh
	@scripts/setup.sh $*
	@mkdir -p $(@D) && touch $@

$(VENV)/bin/python: | build/stamps/packages-run
	@$(STEP) "making $(VENV)" $(PYTHON) -m venv $(VENV)

$(VENV)/.%: requirements/%.txt $(CONSTRAINTS) | build/stamps/packages-% $(VENV)/bin/python
	@$(STEP) "installing the Python packages of $<" $(PIP) install -q -c $(CONSTRAINTS) -r $<
	@touch $@

labextension/node_modules/.stamp: labextension/package.json labextension/yarn.lock $(VENV)/.run
	@$(STEP) "installing the panel's npm packages" scripts/jlpm.sh install --immutable
	@touch $@

$(ui_tests)/node_modules/.stamp: $(ui_tests)/package.json $(ui_tests)/package-lock.json | build/stamps/packages-test
	@PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 $(STEP) "installing Playwright" npm --prefix $(ui_tests) ci --no-audit --no-fund
	@touch $@

##### build

.PHONY: build wheel run
build: build-release python/firesteel/labextension/package.json ## Build the daemon (build/release) and the panel
wheel: dist/.wheel ## Build the one wheel with everything in it into dist/
run: $(VENV)/.firesteel ## Start JupyterLab with the example notebook, setting up and building what is missing
	@PORT='$(PORT)' scripts/run-lab.sh $(ARGS)

.PHONY: dev
dev: $(VENV)/.firesteel build ## JupyterLab on the sources, built again while you change them
	@PORT='$(PORT)' scripts/dev.sh $(ARGS)

.PHONY: bench bench-daemon bench-gateway bench-logs bench-pyspark
bench: bench-daemon bench-gateway ## Measure the daemon alone, and the gateway beside its peers
bench-daemon: build-release $(VENV)/bin/python
	@$(VENV)/bin/python bench/daemon.py build/release/bin/firesteel
bench-gateway: build-release $(VENV)/bin/python | build/stamps/packages-bench
	@[[ -f build/bench/build.ninja ]] || $(STEP) "configuring the benchmark" cmake --preset bench
	@$(STEP) "building the benchmark" cmake --build build/bench --target bench_gateway --parallel $(JOBS)
	@$(VENV)/bin/python bench/gateway/run.py $(ARGS)
bench-logs: build-release $(VENV)/.test | build/stamps/packages-bench ## Measure logs: search beside grep, a flood, watching
	@[[ -f build/bench/build.ninja ]] || $(STEP) "configuring the benchmark" cmake --preset bench
	@$(STEP) "building the benchmark" cmake --build build/bench --target bench_logs --parallel $(JOBS)
	@$(VENV)/bin/python bench/logs/run.py $(ARGS)
	@$(VENV)/bin/python bench/logs/watch.py build/release/bin/firesteel
bench-pyspark: build-release $(VENV)/.test ## Measure PySpark through the gateway and directly
	@$(VENV)/bin/python bench/gateway/pyspark_rows.py $(ARGS)

.PHONY: build-release build-asan
build-release build-asan: build-%: | build/stamps/packages-run
	@[[ -f build/$*/build.ninja ]] || $(STEP) "configuring the daemon ($*)" cmake --preset $*
	@echo "building the daemon ($*)"
	@cmake --build build/$* --parallel $(JOBS)
build-asan: | build/stamps/packages-test

python/firesteel/labextension/package.json: $(LAB_SOURCES) labextension/node_modules/.stamp
	@$(STEP) "building the panel" scripts/jlpm.sh build:prod
	@touch $@

dist/.wheel: $(DAEMON_SOURCES) $(PYTHON_SOURCES) pyproject.toml $(VENV)/.run python/firesteel/labextension/package.json
	@rm -rf dist
	@CMAKE_BUILD_PARALLEL_LEVEL=$(JOBS) $(STEP) "building the wheel (C++; minutes the first time)" \
	  $(PIP) wheel --no-build-isolation --no-deps --wheel-dir dist .
	@touch $@

$(VENV)/.firesteel: dist/.wheel
	@$(STEP) "installing the wheel into $(VENV)" scripts/install-wheel.sh $(VENV)
	@touch $@

##### test: `make test` is what CI runs

.PHONY: test test-unit test-contract test-python test-jest test-e2e
test: ## Run all tests, setting up and building what is missing
	@scripts/test.sh
test-unit: build-asan ## C++ unit tests under the address and undefined-behaviour sanitizers
	@ctest --test-dir build/asan --output-on-failure --timeout 120 --parallel $(JOBS) --no-tests=error
test-contract: build-asan $(VENV)/.test $(VENV)/.firesteel $(RUST_CLIENT) build/yarn/.stamp ## The built daemon and CLI against api/, with real Spark
	@FIRESTEEL_BINARY=$(CURDIR)/build/asan/bin/firesteel $(VENV)/bin/python -m pytest tests/contract
test-python: $(VENV)/.test $(VENV)/.firesteel ## The Python package
	@$(VENV)/bin/python -m pytest python
test-jest: labextension/node_modules/.stamp ## The panel's TypeScript
	@scripts/jlpm.sh test
test-e2e: setup-test build/e2e/.stamp ## Real JupyterLab, real Spark, real browser
	@npm --prefix $(ui_tests) test

$(RUST_CLIENT): $(call files,tests/contract/rust_client) | build/stamps/packages-test
	@$(STEP) "building Spark's Rust client (minutes the first time)" cargo build --quiet --locked --jobs $(JOBS) \
	  --manifest-path tests/contract/rust_client/Cargo.toml --target-dir build/rust_client
	@touch $@

# Not a part of `make test`: each version is about 400 MB to download.
.PHONY: test-spark
SPARK ?= 3.5.7
test-spark: build-release $(VENV)/.test build/spark/$(SPARK)/.stamp ## Another Spark, server and client: SPARK=3.5.7
	@FIRESTEEL_BINARY=$(CURDIR)/build/release/bin/firesteel FIRESTEEL_SPARK_PYTHON=$(CURDIR)/build/spark/$(SPARK)/bin/python \
	  $(VENV)/bin/python -m pytest tests/spark_lines

build/spark/%/.stamp: scripts/spark-environment.sh
	@$(STEP) "installing Spark $* (400 MB)" scripts/spark-environment.sh $* $(@D)
	@touch $@

build/yarn/.stamp: scripts/fetch-yarn.sh | $(VENV)/.test
	@$(STEP) "fetching YARN's servers (66 MB)" scripts/fetch-yarn.sh build/yarn
	@touch $@

build/e2e/.stamp: dist/.wheel requirements/run.txt $(CONSTRAINTS) | build/stamps/packages-test
	@$(STEP) "making a fresh environment for the browser tests" scripts/e2e-environment.sh build/e2e/venv
	@touch $@

.PHONY: fuzz
FUZZ_SECONDS ?= 60
fuzz: | build/stamps/packages-fuzz ## Fuzz what reads clients' bytes, FUZZ_SECONDS for each target
	@[[ -f build/fuzz/build.ninja ]] || $(STEP) "configuring the fuzz targets" cmake --preset fuzz
	@$(STEP) "building the fuzz targets" cmake --build build/fuzz --parallel $(JOBS)
	@for target in message_scanner spark_call; do \
	  mkdir -p build/fuzz/found/$$target; \
	  echo "fuzzing $$target for $(FUZZ_SECONDS) s"; \
	  build/fuzz/bin/fuzz_$$target -max_total_time=$(FUZZ_SECONDS) -max_len=65536 -verbosity=0 -print_final_stats=1 \
	    -artifact_prefix=build/fuzz/found/ build/fuzz/found/$$target daemon/fuzz/corpus/$$target 2>&1 | grep -v '# Uses:'; \
	done

##### care

.PHONY: lint format screenshot spark-protos clean distclean
spark-protos: $(VENV)/.test ## Make the descriptors of Spark's lines again (2 GB to download; ARGS=4.3.1: one)
	@$(VENV)/bin/python tests/contract/spark_protos.py $(ARGS)
screenshot: ## Take the README's picture from the last browser tests
	@scripts/screenshot.sh
lint: setup-lint ## Check format and style of everything
	@$(VENV)/bin/pre-commit run --all-files
format: setup-lint ## Bring everything into format
	@find daemon bench -name '*.?pp' -print0 | xargs -0 -r clang-format-14 -i
	@$(VENV)/bin/ruff format python tests bench
	@scripts/jlpm.sh lint:fix
clean: ## Remove what was built
	rm -rf build dist python/firesteel/labextension labextension/packages/*/lib labextension/packages/*/*.tsbuildinfo
distclean: clean ## Remove what was built and what was installed in this folder
	rm -rf $(VENV) labextension/node_modules $(ui_tests)/node_modules
