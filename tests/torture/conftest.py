"""Keeps the long tests out of ordinary runs."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what takes minutes unless it is asked for by its marker."""
    if "torture" in config.getoption("markexpr", default=""):
        return
    for item in items:
        if item.get_closest_marker("torture"):
            item.add_marker(pytest.mark.skip(reason="takes minutes; run it with: make torture"))
