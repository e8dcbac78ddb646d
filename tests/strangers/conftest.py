"""Simulated devices in sight of programs that this project did not write.

They run under umockdev, which shows them a machine with USB although this one may have none. What is missing
skips a test, with the reason; where CI is set it fails.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from attrs import define

ROOT = Path(__file__).parents[2]
NODE_MODULES = ROOT / ".strangers" / "node_modules"

_IMPORT_GI = """
import sys
sys.path.append("/usr/lib/python3/dist-packages")
import gi
gi.require_version("UMockdev", "1.0")
"""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the strangers out of a usual run."""
    if "strangers" not in str(config.getoption("markexpr")):
        for item in items:
            if item.get_closest_marker("strangers"):
                item.add_marker(pytest.mark.skip(reason="run by `make strangers`"))


def missing(what: str) -> NoReturn:
    """End a test that cannot be run here."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}; `make strangers` installs it")
    pytest.skip(f"{what}; `make strangers` installs it")


def needs_program(name: str) -> None:
    if shutil.which(name) is None:
        missing(f"the program {name} is missing")


def needs_gi() -> None:
    """Ask for the Python side of umockdev, which Debian has for its own Python."""
    if subprocess.run([sys.executable, "-c", _IMPORT_GI], capture_output=True, check=False).returncode:
        missing("this Python cannot import Debian's gi and UMockdev (is it another version?)")


@define
class Sight:
    """A process that holds simulated devices out, and the environment in which programs see them."""

    process: subprocess.Popen[str]
    environment: dict[str, str]
    devices: list[str]

    def run(
        self, *command: str, timeout: float = 60, more: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program in sight of the devices, and return how it ended."""
        environment = {**os.environ, **self.environment, **(more or {})}
        return subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=False
        )

    def run_and_kill(self, *command: str, after: bytes) -> None:
        """Run a program in sight of the devices, and kill it once it has said so much."""
        environment = {**os.environ, **self.environment}
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            assert process.stdout is not None
            said = b""
            while after not in said and (more := os.read(process.stdout.fileno(), 100)):
                said += more
            process.kill()
        self.ask("close", self.devices[0])

    def node(self, script: str, *words: str) -> Any:
        """Run a script of this folder with Node, and return what it says in JSON."""
        path = str(Path(__file__).parent / script)
        ended = self.run("node", path, *words, more={"NODE_PATH": str(NODE_MODULES)})
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)

    def ask(self, do: str, device: str, **more: object) -> dict[str, Any]:
        """Have the simulator's process do or tell something; see mock_host.py."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": do, "device": device, **more}) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        assert "error" not in answer, answer
        return answer

    def memory(self, device: str, start: int, size: int) -> bytes:
        """Read a device's memory behind its back."""
        return bytes.fromhex(self.ask("memory", device, start=start, size=size)["data"])

    def enter_dfu(self, device: str) -> None:
        """Have a device reset into DFU mode, and wait until it is listed there."""
        self.ask("dfu", device)
        self.wait(device, "dfu")

    def wait(self, device: str, mode: str) -> None:
        """Wait until a device is in a mode, and listed."""
        assert self.ask("wait", device, mode=mode) == {"mode": mode}


@pytest.fixture
def in_sight() -> Iterator[Callable[..., Sight]]:
    """Hold a new device of each of the named platforms out, for the time of the test."""
    needs_program("umockdev-wrapper")
    if subprocess.run([sys.executable, "-c", _IMPORT_GI], capture_output=True, check=False).returncode:
        missing("this Python cannot import Debian's gi and UMockdev (is it another version?)")
    started: list[subprocess.Popen[str]] = []

    def hold_out(*platforms: str) -> Sight:
        process = subprocess.Popen(
            ["umockdev-wrapper", sys.executable, "-m", "tests.strangers.mock_host", *platforms],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        return Sight(process, told["environment"], told["devices"])

    yield hold_out
    for process in started:
        with process:
            assert process.stdin is not None
            process.stdin.close()
            assert process.wait(10) == 0


@pytest.fixture
def node() -> None:
    """Node, and the packages from npm."""
    needs_program("node")
    for package in ("particle-usb", "@particle/device-os-protobuf"):
        if not (NODE_MODULES / package).is_dir():
            missing(f"the npm package {package} is not installed")
