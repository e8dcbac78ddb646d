"""The cloud in the person's name, for the commands that need it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.errors import CloudTokenInvalid
from particle_cli.ports.errors import ParticleError, UsageError

if TYPE_CHECKING:
    from particle_cli.entrypoints.wires import Wires

DEVICE_ID_DIGITS = 24


@asynccontextmanager
async def cloud_session(wires: Wires, *, good_for_s: float | None = None) -> AsyncIterator[CloudClient]:
    """Give a client that sends the profile's token; a token that the cloud refuses is forgotten.

    Args:
        wires: where the profile leads.
        good_for_s: how long the token has to be good for, where what follows takes its time.

    Raises: NotLoggedIn, CloudTokenInvalid, CloudError.
    """
    profile = wires.profile
    client = cloud_client(wires, profile.access_token)
    try:
        if good_for_s is not None:
            await _check_token(wires, client, good_for_s)
        yield client
    except CloudTokenInvalid:
        wires.settings.forget_token(profile.name)
        raise


def cloud_client(wires: Wires, token: str | None) -> CloudClient:
    """Return a client of the profile's cloud, in the name of whoever the token belongs to."""
    from particle_cli import __version__

    return CloudClient(
        wires.http,
        wires.clock,
        api_url=wires.api_url,
        token=token,
        user_agent=f"particle-cli/{__version__}",
    )


async def _check_token(wires: Wires, client: CloudClient, good_for_s: float) -> None:
    from particle_cli.domain.cloud.refusals import not_logged_in
    from particle_cli.domain.cloud.tokens import require_fresh_token

    profile = wires.profile
    if profile.access_token is None:
        raise not_logged_in()
    known = profile.access_token_expires_at
    expires_at = await require_fresh_token(client, wires.clock, expires_at=known, least_s=good_for_s)
    if expires_at != known:
        wires.settings.set(profile.name, "access_token_expires_at", expires_at)


@contextmanager
def prefixed(words: str) -> Iterator[None]:
    """Put words before the message of whatever error ends the body."""
    try:
        yield
    except ParticleError as error:
        error.message = words + error.message
        error.args = (error.message,)
        raise


def check_product_device(device: str, product: str | None) -> None:
    """Refuse the name of a device where only its id will do. Raises: UsageError."""
    is_id = len(device) == DEVICE_ID_DIGITS and all(letter in "0123456789abcdefABCDEF" for letter in device)
    if product is not None and not is_id:
        raise UsageError(
            f"`device` must be an id when `--product` flag is set - received: {device}",
            next_step="`particle list` shows the ids of your devices.",
        )
