# Backupweb: `make help` lists what there is.  Everything a target needs is installed by the target.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
export NPM_CONFIG_LOGLEVEL ?= error
PORT ?= 8000

.PHONY: help install run test check lint types doors browser-parts server services stores elsewhere journeys journeys-services hosting voice-notes format vectors \
        build lock api knowledge cut-offs bench-backup bench-restore bench-vault bench-reader bench-deep-import bench-server clean ci

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

# ---------------------------------------------------------------- installing

.venv/.installed: requirements-dev.txt
	@test -d .venv || python3 -m venv .venv || { deploy/dev/debian.sh python3-venv && python3 -m venv .venv; }
	@sed -n '/^uv==/,/# via/p' requirements-dev.txt > .venv/uv.txt
	@.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
	@.venv/bin/uv pip sync --quiet --python $(PY) --require-hashes requirements-dev.txt
	@touch $@

node_modules/.installed: package-lock.json
	@npm ci --no-audit --no-fund
	@touch $@

MESSAGES := $(patsubst %.po,%.mo,$(wildcard backupweb/locale/*/LC_MESSAGES/django.po))
%.mo: %.po .venv/.installed
	@$(PY) -m babel.messages.frontend compile -i $< -o $@ 2>/dev/null

# What Python reads with in the browser; fetched once for each list of hashes.
.cache/browser-wheels/requirements.txt: frontend/requirements-browser.txt deploy/browser-wheels.sh .venv/.installed
	@PYTHON=$(PY) deploy/browser-wheels.sh && touch $@

install: .venv/.installed node_modules/.installed .cache/browser-wheels/requirements.txt $(MESSAGES) ## everything a developer needs, with hashes

frontend/dist/manifest.json: node_modules/.installed .cache/browser-wheels/requirements.txt \
    $(shell find frontend/src frontend/sample -type f 2>/dev/null) $(shell find frontend/python -name '*.py') \
    frontend/vite.config.ts frontend/python-files.ts frontend/offline.ts
	@npx vite build --config frontend/vite.config.ts --logLevel warn
	@touch $@

# ---------------------------------------------------------------- working

run: install frontend/dist/manifest.json ## the site on http://localhost:8000, rebuilt while you edit
	@$(PY) manage.py migrate --verbosity 0 && $(PY) manage.py migrate --database vault --verbosity 0
	@npx vite build --watch --config frontend/vite.config.ts --logLevel warn --emptyOutDir=false > /dev/null 2>&1 & \
	    watcher=$$!; trap "kill $$watcher 2>/dev/null" EXIT; \
	    echo "Backupweb: http://localhost:$(PORT)"; \
	    .venv/bin/uvicorn backupweb.asgi:application --host 127.0.0.1 --port $(PORT) --log-level warning --reload --reload-dir backupweb --reload-dir templates --reload-include '*.html'

format: install ## rewrites everything to the house form
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format --quiet .
	@npx biome check --write --log-level=error
	@git ls-files 'templates/**/*.html' | xargs --no-run-if-empty .venv/bin/djade --target-version 5.2 || true

lint: install ## ruff, djade, biome
	@.venv/bin/ruff check --quiet . && .venv/bin/ruff format --check --quiet .
	@git ls-files 'templates/*.html' | xargs --no-run-if-empty .venv/bin/djade --check --target-version 5.2
	@npx biome check --error-on-warnings --log-level=error

types: install ## strict mypy, strict tsc
	@.venv/bin/mypy backupweb frontend/python tests bench manage.py
	@npx tsc --noEmit -p frontend/tsconfig.json && npx tsc --noEmit -p bench/parts && npx tsc --noEmit -p bench/reading

doors: install ## which room may enter which
	@.venv/bin/lint-imports --no-cache > .cache-doors 2>&1 || { cat .cache-doors; rm -f .cache-doors; exit 1; }; rm -f .cache-doors
	@npx depcruise --config frontend/dependency-cruiser.cjs frontend/src --output-type err

check: lint types doors ## lint, types, doors

browser-parts: install ## the browser's parts, in Node
	@npx vitest run --config frontend/vitest.config.ts

server: install frontend/dist/manifest.json ## the server on SQLite and memory
	@$(PY) -m pytest --ignore tests/browser --ignore tests/hosting

services: install frontend/dist/manifest.json ## the server once more, on PostgreSQL and Redis
	@deploy/dev/with-services.sh $(PY) -m pytest --ignore tests/browser --ignore tests/hosting --ignore tests/client --ignore tests/databases -m 'not stores and not one_database'

stores: install ## the contract of the object stores, held against servers that are started for it
	@$(PY) -m pytest tests/lib/stores tests/backups -m stores

journeys: install frontend/dist/manifest.json ## whole ways through the site in Chromium
	@command -v chromium >/dev/null || deploy/dev/debian.sh chromium fonts-noto-color-emoji
	@$(PY) -m pytest tests/browser

journeys-services: install frontend/dist/manifest.json ## those in which the server has a part, on PostgreSQL, Redis and two processes
	@command -v chromium >/dev/null || deploy/dev/debian.sh chromium fonts-noto-color-emoji
	@deploy/dev/with-services.sh $(PY) -m pytest tests/browser -m 'not one_database'

voice-notes: install frontend/dist/manifest.json ## a spoken sentence becomes text in Chromium, with a real model (70 MB, once)
	@command -v chromium >/dev/null || deploy/dev/debian.sh chromium fonts-noto-color-emoji
	@command -v espeak-ng opusenc >/dev/null || deploy/dev/debian.sh espeak-ng opus-tools
	@$(PY) -m pytest tests/browser/test_voice_notes.py -m voice_notes

cut-offs: install frontend/dist/manifest.json ## kills browser, server and connection at 200 random moments (half an hour)
	@PYTHONPATH=frontend/python $(PY) -m tests.cut_offs

hosting: install frontend/dist/manifest.json ## what the image and its overlays run, confined and behind Caddy
	@command -v caddy >/dev/null || deploy/dev/debian.sh caddy python3-venv
	@docker compose version >/dev/null 2>&1 || command -v docker-compose >/dev/null || deploy/dev/debian.sh docker-compose
	@deploy/dev/with-services.sh $(PY) -m pytest tests/hosting

elsewhere: journeys-services hosting

# Two at a time: most of them keep one core busy.
test: install frontend/dist/manifest.json ## every test
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target browser-parts stores
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target server services
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target journeys elsewhere

vectors: install ## remakes tests/vectors and compares
	@npm run --silent vectors && git diff --exit-code --stat tests/vectors

api: install ## exports the API's schema and makes the TypeScript types from it
	@$(PY) manage.py export_openapi > frontend/openapi.json && npm run --silent api-types

knowledge: install ## makes docs/what-the-server-knows.md from the register
	@$(PY) manage.py export_knowledge > docs/what-the-server-knows.md

build: install frontend/dist/manifest.json ## static files for production
	@BACKUPWEB_SECRET_KEY=only-for-collecting $(PY) manage.py collectstatic --noinput --verbosity 0

lock: .venv/.installed ## makes requirements*.txt from requirements*.in, with hashes
	@for name in requirements requirements-dev; do \
	    .venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 --universal $$name.in -o $$name.txt; done
	@.venv/bin/uv pip compile --quiet --no-deps --generate-hashes --no-emit-index-url --python-version 3.14 \
	    frontend/requirements-browser.in -o frontend/requirements-browser.txt

bench-backup: install frontend/dist/manifest.json ## first and second backup of a 600 MB export in Chromium, beside restic and borg: one JSON line
	@command -v restic borg >/dev/null || deploy/dev/debian.sh restic borgbackup
	@$(PY) -m bench.backup

bench-restore: install frontend/dist/manifest.json ## everything back from a 600 MB export in Chromium, beside restic: one JSON line
	@command -v restic >/dev/null || deploy/dev/debian.sh restic
	@$(PY) -m bench.restore

bench-vault: install frontend/dist/manifest.json ## logins a second per core, and the wait for a password in Chromium: one JSON line
	@$(PY) -m bench.vault

bench-reader: install frontend/dist/manifest.json ## parsing beside two peers, merging, searching, the first message: one JSON line
	@$(PY) -m bench.reader

bench-deep-import: install frontend/dist/manifest.json ## what reading a database costs in Chromium, by SQLite and by Python: one JSON line
	@$(PY) -m bench.deep_import

bench-server: install ## packs in and ranges out beside nginx: one JSON line
	@command -v nginx >/dev/null || deploy/dev/debian.sh nginx-light
	@deploy/dev/with-services.sh $(PY) -m bench.server

ci: check test build ## what must hold before a change lands

clean: ## removes what was built, keeps the data in var/
	@rm -rf frontend/dist static .mypy_cache .ruff_cache .pytest_cache .hypothesis test-results
