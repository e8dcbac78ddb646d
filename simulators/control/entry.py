"""A control request as a device knows it: what handles it, and in which Device OS versions it is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from attrs import frozen
from google.protobuf.message import DecodeError, Message

from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.hardware.dct import Dct
from particle_cli.simulators.system.system import System

M = TypeVar("M", bound=Message)

Versions = tuple[range, ...]
"""Versions of the system part, as the device counts them: 6200 is Device OS 6.2.0, 300 the first 0.8.0."""

NEVER: Final[Versions] = ()
_END: Final = 1 << 16


def since(first: int, *, until: int = _END) -> Versions:
    """Return the versions from `first` on and before `until`. Several spans are added up with `+`."""
    return (range(first, until),)


_USUAL_ON_GEN3: Final = since(400)
_USUAL_ON_GEN2: Final = since(1100)


@frozen
class Entry:
    """One request.

    Attributes:
        handle: takes the payload, returns what came of it; may raise RequestFailed.
        gen3: the versions that have it on Gen 3 and later. The default is that of most requests.
        gen2: the same on Gen 2.
        slow: whether a CHECK finds it PENDING at least once, so that a host has to ask again.
    """

    handle: Callable[[bytes], Outcome]
    gen3: Versions = _USUAL_ON_GEN3
    gen2: Versions = _USUAL_ON_GEN2
    slow: bool = False


def decoded(kind: type[M], payload: bytes) -> M:
    """Return a payload as a message. Raises: RequestFailed for one that is none."""
    message = kind()
    try:
        message.ParseFromString(payload)
    except DecodeError:
        raise RequestFailed(system_error.BAD_DATA) from None
    return message


def reply(message: Message, *, takes_ms: float = 0.0) -> Outcome:
    """Return a message as the outcome; fields that hold their defaults are left out, as nanopb does."""
    return Outcome(reply=message.SerializeToString(deterministic=True), takes_ms=takes_ms)


def configuration(system: System) -> Dct:
    """Return the configuration table, which every device has that knows control requests."""
    dct = system.hardware.dct
    if dct is None:
        raise RequestFailed(system_error.NOT_SUPPORTED)
    return dct
