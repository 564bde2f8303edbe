# Every target sets itself up: .ci/setup makes .venv when it is missing, broken or older than its pins.
# ARGS goes to the command: make test ARGS="tests/probe -q"

.PHONY: help setup demo test check format ajv axe picture
.DEFAULT_GOAL := help

help: ## show the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## make .venv ready (the others do this themselves)
	@PYTHON="$(PYTHON)" sh .ci/setup

demo: setup ## see three providers kept and broken, on an emulator: no keys, no network
	@.venv/bin/docsworn demo $(ARGS)

test: setup ## run the whole test suite
	@.venv/bin/python -m pytest -n auto --dist worksteal $(ARGS)

check: setup ## format, lint, types, import order
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

format: setup ## rewrite the code in the house's format
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

ajv: ## install the schema validator of JavaScript, which some tests ask (needs npm)
	@npm install --prefix tests/ajv --no-package-lock --no-audit --no-fund --loglevel=error

axe: ## install what looks for barriers in the HTML report, which some tests ask (needs npm)
	@npm install --prefix tests/axe --no-package-lock --no-audit --no-fund --loglevel=error

picture: setup ## take the picture of the HTML report that README shows (needs chromium)
	@.venv/bin/python -m tests.browser.picture docs/report.png
