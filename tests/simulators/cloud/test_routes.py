"""The table of addresses leads to functions that exist."""

from __future__ import annotations

import inspect

import pytest

from particle_cli.simulators.cloud.router import Route
from particle_cli.simulators.cloud.routes import ROUTES


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} /{'/'.join(route.pattern)}")
def test_every_route_has_somebody_to_answer(route: Route) -> None:
    assert inspect.iscoroutinefunction(route.handler)


def test_no_address_is_in_the_table_twice() -> None:
    addresses = [(route.method, route.pattern) for route in ROUTES]
    assert len(addresses) == len(set(addresses))
