"""Keeps the long tests out of ordinary runs, and lets them say what they did."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Tell = Callable[[str], None]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what takes minutes unless it is asked for by its marker."""
    if "torture" in config.getoption("markexpr", default=""):
        return
    for item in items:
        if item.get_closest_marker("torture"):
            item.add_marker(pytest.mark.skip(reason="takes minutes; run it with: make torture"))


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Print a line that is seen although the test passes."""

    def show(text: str) -> None:
        with capsys.disabled():
            print(f"\n  {text}", end=" ")  # noqa: T201

    return show
