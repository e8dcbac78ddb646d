"""Many devices at once: what one transfer at a time on their bus costs them, in modelled time."""

from __future__ import annotations

import pytest
from tests.crowd import COUNT, LIMIT, QUICK, Job, modelled


@pytest.mark.parametrize("job", QUICK.values(), ids=QUICK)
def test_many_take_little_longer_than_one(job: Job) -> None:
    assert modelled(COUNT, job) < LIMIT * modelled(1, job)


def test_the_modelled_time_is_the_same_every_time() -> None:
    job = QUICK["telling the modules"]
    assert modelled(4, job) == modelled(4, job)
