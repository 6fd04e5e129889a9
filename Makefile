# Everything a laptop or CI does here. `make` alone says what there is.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup demo docs test fuzz test-browser test-telegram soak mutants campaign bench bench-growth bench-peers check format lock clean audit sbom

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
BIN := .venv/bin

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s  %s\n", $$1, $$2 }' Makefile

setup: .venv/.ready ## Install everything into .venv; needs only Python 3.11 and an index of packages

demo: setup ## Three phones, the calendar beside them and the page for staff, on a database of their own
	@$(BIN)/werkstatt demo

docs: setup ## Build the documents as a website, in build/site
	rm -rf build/pages && mkdir -p build/pages
	cp -R docs decisions README.md CONTRIBUTING.md SECURITY.md CHANGELOG.md LICENSE build/pages
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

test: setup ## Run all tests, and see that they reach every branch of the core and nine tenths of the rest
	$(BIN)/coverage erase
	$(BIN)/pytest -n auto --dist worksteal --cov --cov-report=
	$(BIN)/coverage report --include='booking_core/*' --fail-under=100
	$(BIN)/coverage report --omit='booking_core/*' --fail-under=90

soak: setup ## Let customers who say anything take a hundred thousand turns, on one core; TURNS=… for another number
	TURNS=$${TURNS:-100000} $(BIN)/pytest tests/bot/test_any_talk.py

mutants: setup ## Take away one guard after the other, on a copy of the tree: each time a test must fail
	$(BIN)/python -m tests.faults.mutants

campaign: setup ## Kill processes and servers at random, let customers say anything, and count what is wrong; KILLS=… MINUTES=… TURNS=… SOAK=…
	$(BIN)/python -m benchmarks.campaign --kills $${KILLS:-1000} --minutes $${MINUTES:-60} --turns $${TURNS:-1000000} --soak $${SOAK:-90}

bench: setup ## Measure how fast everything is and write docs/Performance.md; BENCH=… for some parts only
	$(BIN)/python -m benchmarks $(BENCH)

bench-growth: setup ## Measure growth with 10,000 workshops booked for 90 days and 10 million old rows; needs 15 GB of disk
	FIGURES=docs/performance $(BIN)/python -m benchmarks.growth --days 90 --past 1 10
	$(BIN)/python -c 'from benchmarks import page; page.write()'

bench-peers: setup ## Measure the search beside django-appointment and pretix, which it installs into build/peers
	FIGURES=docs/performance $(BIN)/python -m benchmarks.peers
	$(BIN)/python -c 'from benchmarks import page; page.write()'

fuzz: setup ## Let Schemathesis try each operation a hundred times, as a stranger, a guest and each role
	FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-100} $(BIN)/pytest tests/app/api/test_fuzzing.py tests/app/admin/test_fuzz.py

test-browser: setup ## See the pages as a browser does, and take pictures of them with PICTURES=1; fetches a Chromium as root
	@$(BIN)/python -c 'import playwright, axe_playwright_python' 2>/dev/null || { \
		if uv --version >/dev/null 2>&1; then install='uv pip install --quiet --python .venv'; \
		else install='$(BIN)/python -m pip install --quiet --disable-pip-version-check'; fi; \
		$$install --require-hashes --requirement requirements-browser.lock; }
	@for browser in chromium chromium-browser google-chrome google-chrome-stable; do \
		command -v "$$browser" >/dev/null && exit 0; done; \
		echo 'Installing Chromium …' >&2; apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-color-emoji >/dev/null
	$(BIN)/pytest tests/browser

test-telegram: setup ## Test the Telegram channel against a Bot API that others wrote; needs Node and npm
	npm install --prefix tests/channels/telegram_test_api --no-package-lock --no-audit --no-fund
	$(BIN)/pytest tests/channels/test_telegram_test_api.py

check: setup ## Check format, lint, types, floors and dead code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture

format: setup ## Format the code and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## Pin every library anew, with hashes and without any host, for us and for the image; UPGRADE=--upgrade for newer ones (needs uv)
	uv pip compile --quiet --no-strip-extras --universal --python-version 3.11 --extra dev --generate-hashes --no-header $(UPGRADE) \
		pyproject.toml --output-file requirements.lock
	uv pip compile --quiet --no-strip-extras --universal --python-version 3.11 --extra browser --constraint requirements.lock --generate-hashes \
		--no-header --no-annotate pyproject.toml --output-file requirements-browser.lock
	uv pip compile --quiet --no-strip-extras --universal --python-version 3.11 --extra audit --constraint requirements.lock --generate-hashes \
		--no-header --no-annotate pyproject.toml --output-file requirements-audit.lock
	uv pip compile --quiet --no-strip-extras --universal --python-version 3.11 --generate-hashes --no-header --constraints requirements.lock \
		pyproject.toml --output-file requirements.run.lock

audit: setup ## Ask the advisory service about every library of the image; fails where that cannot be asked
	@$(BIN)/python -c 'import pip_audit' 2>/dev/null || { \
		if uv --version >/dev/null 2>&1; then install='uv pip install --quiet --python .venv'; \
		else install='$(BIN)/python -m pip install --quiet --disable-pip-version-check'; fi; \
		$$install --require-hashes --requirement requirements-audit.lock; }
	$(BIN)/pip-audit --strict --require-hashes --disable-pip --requirement requirements.run.lock

sbom: setup ## Write down what the image is made of, as CycloneDX
	$(BIN)/python .ci/sbom.py > sbom.cdx.json

clean: ## Remove the virtual environment and all caches; the data in .werkstatt stays
	rm -rf .venv .coverage* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist *.egg-info
	find . -name __pycache__ -prune -exec rm -rf {} +

# uv takes seconds where pip takes a minute, but pip is what every Python brings. Like pip it shall compile what it installs: where Python
# may not write its bytecode, every process would else compile its libraries anew, a second of the processor's time at each start.
.venv/.ready: requirements.lock pyproject.toml
	@test -n '$(PYTHON)' || { echo 'This needs Python 3.11 or newer: install it, or say where it is: make PYTHON=…' >&2; exit 1; }
	@rm -rf .venv
	@if uv --version >/dev/null 2>&1 && uv venv --quiet --python "$$(command -v $(PYTHON))" .venv; then \
		install='uv pip install --quiet --compile-bytecode --python .venv'; \
	else \
		$(PYTHON) -m venv .venv; \
		install='$(BIN)/python -m pip install --quiet --disable-pip-version-check'; \
	fi; \
	echo "Installing into .venv with $${install%% *} …" >&2; \
	$$install --require-hashes --requirement requirements.lock && $$install --no-deps --no-build-isolation --editable .
	@touch $@
