"""A new cloud, and somebody who asks it."""

from __future__ import annotations

import pytest
from tests.simulators.cloud.asking import Asker


@pytest.fixture
def asker() -> Asker:
    return Asker()
