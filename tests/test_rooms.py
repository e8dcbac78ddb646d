"""What import rules cannot see: calls that touch the world, and modules that grew too long."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import particle_cli

ROOT = Path(particle_cli.__file__).parent
ROOMS = ("ports", "domain", "adapters", "simulators", "entrypoints")


def modules(*rooms: str) -> list[Path]:
    return [
        path
        for room in rooms
        for path in sorted((ROOT / room).rglob("*.py"))
        if not path.name.endswith("_pb2.py")
    ]


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", modules("ports", "domain"), ids=short)
def test_a_pure_module_calls_nothing_that_touches_the_world(path: Path) -> None:
    calls = [node.func for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call)]
    plain = {call.id for call in calls if isinstance(call, ast.Name)}
    attributes = {call.attr for call in calls if isinstance(call, ast.Attribute)}
    assert not {"open", "print", "input", "exec", "eval", "breakpoint"} & plain
    assert (
        not {"today", "utcnow", "uuid1", "uuid4", "getenv", "urandom", "token_hex", "token_bytes"}
        & attributes
    )


@pytest.mark.parametrize("path", modules("simulators"), ids=short)
def test_a_simulator_sleeps_only_through_the_clock_it_is_handed(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert "asyncio.sleep" not in source
    assert "time.sleep" not in source


@pytest.mark.parametrize("path", modules(*ROOMS), ids=short)
def test_no_module_is_too_long_to_be_read(path: Path) -> None:
    assert len(path.read_bytes().splitlines()) <= 400


@pytest.mark.parametrize("room", ROOMS)
def test_every_folder_with_modules_is_a_package(room: str) -> None:
    folders = {path.parent for path in (ROOT / room).rglob("*.py")}
    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []
