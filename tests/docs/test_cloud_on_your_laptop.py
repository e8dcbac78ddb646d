"""The page about the cloud on a laptop: what it shows is what one sees."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.docs.console import PAGES, run, transcripts
from tests.entrypoints.conftest import home  # noqa: F401 - a fixture
from tests.entrypoints.serving import Served
from tests.entrypoints.test_sim_cloud import served  # noqa: F401 - a fixture

from particle_cli.simulators.cloud.state import (
    CAREFUL_USER,
    FIRST_PASSWORD,
    FIRST_PRODUCT,
    FIRST_USER,
    LOGIN_CODE,
)

pytestmark = pytest.mark.real_time

PAGE = "cloud-on-your-laptop.md"
ADDRESS = "http://127.0.0.1:8080"


def test_everything_typed_prints_what_the_page_says(
    served: Callable[..., Served],  # noqa: F811
    home: Path,  # noqa: F811
) -> None:
    server = served()
    typed = list(transcripts(PAGE))
    assert len(typed) >= 9
    for command in typed:
        line = command.line.replace(ADDRESS, server.address)
        assert run(line) == command.output, command.line


def test_the_accounts_of_the_page_are_those_of_the_cloud() -> None:
    text = (PAGES / PAGE).read_text(encoding="utf-8")
    assert f"| `{FIRST_USER}` | `{FIRST_PASSWORD}` | none |" in text
    assert f"| `{CAREFUL_USER}` | `{FIRST_PASSWORD}` | `{LOGIN_CODE}` |" in text
    assert re.search(rf"product {FIRST_PRODUCT}, `example-product`", text)
