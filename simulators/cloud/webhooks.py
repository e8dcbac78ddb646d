"""Webhooks over REST, in the older form of the API."""

from __future__ import annotations

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud import integrations
from particle_cli.simulators.cloud.call import Call


async def create(call: Call) -> HttpResponse:
    """Store a webhook; from now on it does its work."""
    return await integrations.create(call, old=True)


async def list_all(call: Call) -> HttpResponse:
    """List the webhooks, the oldest first."""
    return await integrations.list_all(call, old=True)


async def show(call: Call) -> HttpResponse:
    """Show one webhook with what it did last."""
    return await integrations.show(call, old=True)


async def replace(call: Call) -> HttpResponse:
    """Store other settings for a webhook; what is not said is not kept."""
    return await integrations.replace(call, old=True)


async def remove(call: Call) -> HttpResponse:
    """Forget a webhook; what it has under way is given up."""
    return await integrations.remove(call, old=True)


async def try_out(call: Call) -> HttpResponse:
    """Let a webhook do its work once, and tell how it went."""
    return await integrations.try_out(call, old=True)
