"""The page about traces: its example runs, and the products in it are those of the platforms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.adapters.tracing.reading import trace_in
from tests.docs.examples import PAGES

from particle_cli.domain.platforms.names import usb_identity

PAGE = (PAGES / "traces.md").read_text(encoding="utf-8")


def test_the_example_writes_a_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (source,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(source, "traces.md", "exec"), {"__name__": "__main__"})
    assert trace_in(tmp_path / "usb.pcapng") == []


def test_products_in_dfu_mode_are_those_of_platforms() -> None:
    told = re.findall(r"`0x(2b04)(\w{4})`", PAGE)
    assert len(told) == 8
    for vendor, product in told:
        identity = usb_identity(int(vendor, 16), int(product, 16))
        assert identity is not None
        assert identity[1]  # in DFU mode
