"""The contract of the usb port over the real libusb, in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.strangers.conftest import ROOT, needs_gi, needs_program

pytestmark = pytest.mark.strangers


def test_the_contract_of_the_usb_port_over_the_real_libusb() -> None:
    needs_program("umockdev-wrapper")
    needs_gi()
    suite = "tests/strangers/contract_over_libusb.py"
    quiet = ["-W", "ignore::ImportWarning"]  # the importer of gi gives one
    ended = subprocess.run(
        ["umockdev-wrapper", sys.executable, "-m", "pytest", "-q", "-m", "strangers", *quiet, suite],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
