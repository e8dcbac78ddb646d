"""The way out of a simulated world, on which its webhooks reach real servers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from particle_cli.adapters.http import AiohttpClient
    from particle_cli.ports.http import HttpRequest, HttpResponse

_THIS_MACHINE: Final = ("localhost", "127.0.0.1", "::1")


def client_to_servers(environment: Mapping[str, str]) -> AiohttpClient:
    """Return a client for webhooks: through the proxies of the environment, to this machine directly."""
    from attrs import evolve

    from particle_cli.adapters.http import AiohttpClient, Proxies

    proxies = Proxies.from_environment(environment)
    return AiohttpClient(proxies=evolve(proxies, direct=(*proxies.direct, *_THIS_MACHINE)))


class WayOut:
    """Sends the requests of a world whose time need not be that of other machines.

    In virtual time nothing happens in the world until an answer is there, or 20 s of real time have passed
    without one: for the world it comes at once.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Keep the environment, which may name proxies; nothing is opened before it is needed."""
        self._environment = environment

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        """Send a request and return the answer. Raises: as the http port does."""
        from particle_cli.adapters.own_thread import in_own_thread

        def exchange() -> HttpResponse:  # on an event loop of its own: this one may refuse sockets
            return in_own_thread(lambda: asyncio.run(self._exchange(request)))

        return await asyncio.get_running_loop().run_in_executor(None, exchange)

    async def _exchange(self, request: HttpRequest) -> HttpResponse:
        client = client_to_servers(self._environment)
        try:
            return await client.exchange(request)
        finally:
            await client.close()
