# make run   the dashboard, everything installed and restored
# make demo  every stage of the demo from nothing, as the run demo-local
# make test  lint, types, import rules, all tests
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run demo test lint benchmark clean

run: .venv/app.installed
	@$(BIN)/python -m scripts.restore demo
	$(BIN)/streamlit run Home.py

demo: .venv/app.installed
	$(BIN)/python -m scripts.build --preset demo --run demo-local

test: lint
	HF_HUB_OFFLINE=1 $(BIN)/pytest -m "not browser" -n 2 --dist loadfile
	HF_HUB_OFFLINE=1 $(BIN)/pytest -m browser -n 2 --dist loadfile

lint: .venv/dev.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

benchmark: .venv/dev.installed
	$(BIN)/python -m benchmarks.encoding
	$(BIN)/python -m benchmarks.training
	$(BIN)/python -m benchmarks.scale
	$(BIN)/python -m benchmarks.dashboard
	$(BIN)/python -m benchmarks.neighbors
	$(BIN)/python -m benchmarks.duplicates
	$(BIN)/python -m benchmarks.attributions
	$(BIN)/python -m benchmarks.label_errors

.venv/bin/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else "Python %d.%d found, 3.11 or newer expected; run: make PYTHON=python3.11 $(MAKECMDGOALS)" % v[:2])'
	@$(PYTHON) -c 'import ensurepip' || { echo "Python's ensurepip is missing, a venv needs it; run: apt-get install python3-venv"; exit 2; }
	$(PYTHON) -m venv .venv

.venv/app.installed: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet -r requirements.txt
	@touch $@

.venv/dev.installed: requirements-dev.txt .venv/app.installed
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	@touch $@

clean:
	rm -rf .venv artifacts/.building
