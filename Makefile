# Set-up, tests, checks, demo. `make demo` and `make test` need nothing installed by hand.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
