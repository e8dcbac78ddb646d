"""Handing a module to running firmware, which checks it, puts it in its place, and restarts.

START erases the room for it, DATA requests append to it, FINISH has it checked and put in place. Each error
ends the update on the device; START begins a new one in any case.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from typing import Final

from attrs import frozen

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.errors import RequestDropped, RequestFailed, RequestTimeout
from particle_cli.domain.control.exchange import exchange
from particle_cli.domain.control.messages import storage_pb2 as storage
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S
from particle_cli.domain.control.result_codes import ResultCode
from particle_cli.domain.errors import DeviceProtected, ProtocolError
from particle_cli.ports.errors import ParticleError
from particle_cli.ports.usb import UsbGone, UsbStall, UsbTimeout

UPDATE_TIMEOUT_S: Final = 240.0
"""Bound on a whole update."""

_CANCEL_TIMEOUT_S: Final = 5.0
_MOST_CHUNK: Final = 0xFF00
"""Bytes; with its field's header a chunk must fit into a request."""
_VALIDATE_AND_APPLY: Final = b"\x08\x00"
"""A FinishFirmwareUpdateRequest with validate_only spelt out as false, as hosts have always sent it."""


class UpdatePhase(Enum):
    """What an update is doing."""

    ERASE = "erase"
    SEND = "send"
    FINISH = "finish"


@frozen
class UpdateProgress:
    """How much of the image has been dealt with in a phase; in bytes, from 0 to its size."""

    phase: UpdatePhase
    done: int
    total: int


Listener = Callable[[UpdateProgress], None]


async def firmware_update(
    channel: ControlChannel,
    image: bytes,
    *,
    progress: Listener | None = None,
    timeout_s: float = UPDATE_TIMEOUT_S,
) -> bool:
    """Send a module, whole and with its prefix, and have it put in place; the device then restarts by itself.

    A failed update is taken back, so that the device does not wait for the rest.

    Args:
        channel: the running device.
        image: the module's bytes.
        progress: is told what is done.
        timeout_s: bound on the whole of it.

    Returns: whether the device confirmed; False when it stopped answering at the very end, so that only the
    modules it runs after its restart can tell.

    Raises: RequestFailed, with an OTA_… result when the device does not like the module; DeviceProtected,
    RequestTimeout, RequestDropped, ProtocolError; UsbGone, UsbStall, UsbTimeout.
    """
    update = _Update(channel, image, progress, channel.clock.monotonic() + timeout_s)
    try:
        await update.send()
        return await update.finish()
    except (UsbGone, DeviceProtected):
        raise
    except ParticleError:
        with suppress(ParticleError):
            await cancel_firmware_update(channel, timeout_s=_CANCEL_TIMEOUT_S)
        raise


async def cancel_firmware_update(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """End an update, if one is under way. Raises: as `ControlChannel.request`."""
    await channel.request(RequestType.CANCEL_FIRMWARE_UPDATE, timeout_s=timeout_s)


class _Update:
    """One update on its way."""

    def __init__(
        self, channel: ControlChannel, image: bytes, progress: Listener | None, deadline_s: float
    ) -> None:
        self._channel = channel
        self._image = image
        self._progress = progress
        self._deadline_s = deadline_s

    async def send(self) -> None:
        """Have the room erased, and fill it."""
        total = len(self._image)
        self._tell(UpdatePhase.ERASE, 0)
        started = await exchange(
            self._channel,
            RequestType.START_FIRMWARE_UPDATE,
            storage.StartFirmwareUpdateReply,
            storage.StartFirmwareUpdateRequest(size=total),
            timeout_s=self._left_s(),
        )
        if not 0 < started.chunk_size <= _MOST_CHUNK:
            raise ProtocolError(f"{self._channel.device} wants chunks of {started.chunk_size} bytes.")
        self._tell(UpdatePhase.ERASE, total)
        self._tell(UpdatePhase.SEND, 0)
        for start in range(0, total, started.chunk_size):
            part = self._image[start : start + started.chunk_size]
            request = storage.FirmwareUpdateDataRequest(data=part)
            await self._channel.request(
                RequestType.FIRMWARE_UPDATE_DATA, request.SerializeToString(), timeout_s=self._left_s()
            )
            self._tell(UpdatePhase.SEND, start + len(part))

    async def finish(self) -> bool:
        """Have it checked and put in place; return whether the device said that it will.

        A lost answer is asked for once more. When the device then knows of no update, the first request has
        reached it, and nobody can tell what it made of it.
        """
        self._tell(UpdatePhase.FINISH, 0)
        for in_doubt in (False, True):
            try:
                await self._channel.request(
                    RequestType.FINISH_FIRMWARE_UPDATE, _VALIDATE_AND_APPLY, timeout_s=self._left_s()
                )
            except UsbGone:
                return False
            except (UsbStall, UsbTimeout, RequestDropped):
                continue
            except RequestFailed as failed:
                if in_doubt and failed.result == ResultCode.INVALID_STATE:
                    return False
                raise
            self._tell(UpdatePhase.FINISH, len(self._image))
            return True
        return False

    def _tell(self, phase: UpdatePhase, done: int) -> None:
        if self._progress:
            self._progress(UpdateProgress(phase, done, len(self._image)))

    def _left_s(self) -> float:
        left = self._deadline_s - self._channel.clock.monotonic()
        if left <= 0:
            raise RequestTimeout(f"{self._channel.device}: the update took too long.", next_step="Try again.")
        return left
