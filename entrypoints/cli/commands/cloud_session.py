"""The cloud in the person's name, for the commands that need it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.errors import CloudTokenInvalid
from particle_cli.domain.cloud.patience import Patience
from particle_cli.domain.platforms.device_ids import is_device_id
from particle_cli.ports.errors import ParticleError, UsageError

if TYPE_CHECKING:
    from particle_cli.entrypoints.wires import Wires


LONG_JOB_S = 15 * 60.0
"""How long a token has to be good for where firmware is compiled or flashed."""


@asynccontextmanager
async def cloud_session(wires: Wires, *, good_for_s: float | None = None) -> AsyncIterator[CloudClient]:
    """Give a client that sends the token in use; a kept token that the cloud refuses is forgotten.

    Args:
        wires: where the profile leads.
        good_for_s: how long the token has to be good for, where what follows takes its time.

    Raises: NotLoggedIn, CloudTokenInvalid, CloudError.
    """
    token = wires.session.in_use
    client = cloud_client(wires, token.value)
    try:
        if good_for_s is not None:
            await _check_token(wires, client, good_for_s)
        yield client
    except CloudTokenInvalid as refused:
        if token.variable is not None:
            refused.next_step = (
                f"The token is the one in the variable {token.variable}: put a good one there, or unset it "
                "to use the login of the profile."
            )
        else:
            wires.session.forget_token(token.value)
            _append(refused, "It was forgotten: you're not logged in any more.")
        raise


def cloud_client(wires: Wires, token: str | None, *, api_url: str | None = None) -> CloudClient:
    """Return a client of the profile's cloud, or of another server, in the name of the token's owner."""
    from particle_cli import __version__

    return CloudClient(
        wires.http,
        wires.clock,
        api_url=api_url or wires.api_url,
        token=token,
        allow_plain_http=wires.allows_plain_http,
        patience=Patience(jitter=_jitter),
        user_agent=f"particle-cli/{__version__}",
    )


def _jitter() -> float:
    import random  # hardly ever needed

    return random.random()


async def _check_token(wires: Wires, client: CloudClient, good_for_s: float) -> None:
    from particle_cli.domain.cloud.refusals import not_logged_in
    from particle_cli.domain.cloud.tokens import require_fresh_token

    token = wires.session.in_use
    if token.value is None:
        raise not_logged_in()
    known = token.expires_at
    expires_at = await require_fresh_token(client, wires.clock, expires_at=known, least_s=good_for_s)
    if expires_at != known:
        wires.session.remember_expiry(expires_at)


def _append(error: ParticleError, sentence: str) -> None:
    error.message = f"{error.message.rstrip('.')}. {sentence}"
    error.args = (error.message,)


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
    if product is not None and not is_device_id(device):
        raise UsageError(
            f"`device` must be an id when `--product` flag is set - received: {device}",
            next_step="`particle list` shows the ids of your devices.",
        )
