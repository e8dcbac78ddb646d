# Everything a developer runs. Needs make and some Python >= 3.11; the rest is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin
export PYTHONSAFEPATH := 1
# The date on the manual pages, so that they change only when the commands do: 2026-11-23.
MAN_DATE := 1795392000

.PHONY: test lint types imports tests coverage strangers torture fuzz demo bench man man-check proto proto-check constraints clean

test: lint types imports man-check tests

tests: .venv/.ready
	$(BIN)/pytest -q -n auto --maxprocesses 8 --dist worksteal

coverage: .venv/.ready
	$(BIN)/coverage run -m pytest -q
	$(BIN)/coverage report

lint: .venv/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.ready
	$(BIN)/mypy

imports: .venv/.ready
	$(BIN)/lint-imports --no-logo --no-cache

.venv/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --constraint constraints.txt --editable . --group dev
	touch $@

# The compiled messages are committed; grpcio-tools carries protoc and goes up together with protobuf's floor.
GRPCIO_TOOLS := 1.85.1
MESSAGES := particle_cli/domain/control/messages
PROTOC = .venv-proto/bin/python -m grpc_tools.protoc -I.package --python_out=$(1) --pyi_out=$(1) .package/$(MESSAGES)/*.proto

proto: .venv-proto/.ready-$(GRPCIO_TOOLS)
	$(call PROTOC,.package)

proto-check: .venv-proto/.ready-$(GRPCIO_TOOLS)
	rm -rf .venv-proto/compiled && mkdir .venv-proto/compiled
	$(call PROTOC,.venv-proto/compiled)
	diff -r -x '*.proto' -x __init__.py -x __pycache__ .venv-proto/compiled/$(MESSAGES) .package/$(MESSAGES) || \
	    { echo "The compiled messages differ from their schemas; run: make proto" >&2; exit 1; }

.venv-proto/.ready-$(GRPCIO_TOOLS):
	$(PYTHON) -m venv .venv-proto
	.venv-proto/bin/python -m pip install --quiet --disable-pip-version-check grpcio-tools==$(GRPCIO_TOOLS)
	touch $@

demo: .venv/.ready
	@$(BIN)/python -m particle_cli.entrypoints.demo

man: .venv/.ready
	SOURCE_DATE_EPOCH=$(MAN_DATE) $(BIN)/python -m particle_cli.entrypoints.cli.manual docs/man

man-check: .venv/.ready
	SOURCE_DATE_EPOCH=$(MAN_DATE) $(BIN)/python -m particle_cli.entrypoints.cli.manual docs/man --check

strangers: .venv/.ready
	.ci/install-strangers
	$(BIN)/python -m pytest -q -rs -m strangers tests/strangers

fuzz: .venv/.ready
	PYTHONPATH=. $(BIN)/python -m tests.fuzz.run $(FUZZ)

torture: .venv/.ready
	$(BIN)/pytest -q -m torture tests/torture

bench: .venv/.ready
	PYTHONPATH=. $(BIN)/python -m bench

constraints: .venv/.ready
	$(BIN)/uv pip compile -q pyproject.toml --group dev --universal --python-version 3.11 --no-header -o constraints.txt

clean:
	rm -rf .venv .venv-proto .strangers .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
