"""How what a simulated application does travels in the payload of its module.

Real firmware does it while it runs. A simulated device runs no machine code: the simulated compiler writes
down what the source offers to the cloud, publishes, and prints to the serial port, as UTF-8 JSON behind a
mark, somewhere in the payload, and a device that boots the module does exactly that.

    [ any bytes ][ mark, 16 bytes ][ length u32le ][ CRC-32 u32le ][ JSON ][ any bytes ]
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any

from attrs import frozen

MARK = b"\x00simulated app\x1a\x00"
_HEAD = struct.Struct("<II")

Value = bool | int | float | str
"""What a variable can hold."""


@frozen
class Function:
    """A cloud function: its name, and what a call returns unless a handler says otherwise."""

    name: str
    returns: int = 1


@frozen
class Variable:
    """A cloud variable: its name, its type (`bool`, `int`, `double` or `string`) and its first value."""

    name: str
    type: str
    value: Value


class Action(Enum):
    """What a step of an application does, and what its value means."""

    PRINT = "print"
    """Send a text as it is."""
    TRACE = "trace"
    INFO = "info"
    WARN = "warn"
    ERROR = "error"
    """Log a message (this and the three before)."""
    DELAY = "delay"
    """Wait so many milliseconds."""
    AWAIT_HOST = "await host"
    """Wait until a host opens the serial port, for so many milliseconds at most; without a limit below 0."""
    PUBLISH = "publish"
    """Publish an event of that name."""
    PUBLISH_PUBLICLY = "publish publicly"
    """The same, for everybody."""

    @property
    def logs(self) -> bool:
        """Whether it logs a message."""
        return self in (Action.TRACE, Action.INFO, Action.WARN, Action.ERROR)

    @property
    def publishes(self) -> bool:
        """Whether it publishes an event."""
        return self in (Action.PUBLISH, Action.PUBLISH_PUBLICLY)


@frozen
class Step:
    """One thing that an application does while it runs, as far as its serial port and the cloud can notice.

    Attributes:
        action: what it is.
        value: see the action.
        data: what goes with an event, or None.
    """

    action: Action
    value: str | int
    data: str | None = None


@frozen
class Subscription:
    """Events that an application wants to be told of: how their names begin, and what it then does."""

    prefix: str
    steps: tuple[Step, ...] = ()


@frozen
class ApplicationManifest:
    """What an application offers to the cloud, and what it does once and then again and again."""

    functions: tuple[Function, ...] = ()
    variables: tuple[Variable, ...] = ()
    setup: tuple[Step, ...] = ()
    loop: tuple[Step, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()

    @property
    def runs(self) -> bool:
        """Whether it does anything by itself."""
        return bool(self.setup or self.loop)

    @property
    def publishes(self) -> bool:
        """Whether it publishes events by itself."""
        return any(step.action.publishes for step in (*self.setup, *self.loop))


def encode_manifest(manifest: ApplicationManifest) -> bytes:
    """Return the bytes to put into the payload; the same manifest always gives the same bytes."""
    document: dict[str, object] = {
        "functions": {function.name: function.returns for function in manifest.functions},
        "variables": {one.name: [one.type, one.value] for one in manifest.variables},
    }
    for name, steps in (("setup", manifest.setup), ("loop", manifest.loop)):
        if steps:
            document[name] = _listed(steps)
    if manifest.subscriptions:
        document["subscriptions"] = [[one.prefix, _listed(one.steps)] for one in manifest.subscriptions]
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return MARK + _HEAD.pack(len(text), zlib.crc32(text)) + text


def decode_manifest(payload: bytes | memoryview) -> ApplicationManifest | None:
    """Find a manifest in a payload; None where there is none, as in real firmware."""
    content = bytes(payload)
    at = content.find(MARK)
    while at >= 0:
        start = at + len(MARK) + _HEAD.size
        if start <= len(content):
            length, crc = _HEAD.unpack_from(content, at + len(MARK))
            text = content[start : start + length]
            if len(text) == length and zlib.crc32(text) == crc:
                return _read(text)
        at = content.find(MARK, at + 1)
    return None


def _read(text: bytes) -> ApplicationManifest:
    document = json.loads(text)
    return ApplicationManifest(
        functions=tuple(Function(name, returns) for name, returns in document["functions"].items()),
        variables=tuple(Variable(name, kind, value) for name, (kind, value) in document["variables"].items()),
        setup=_steps(document.get("setup", ())),
        loop=_steps(document.get("loop", ())),
        subscriptions=tuple(
            Subscription(prefix, _steps(steps)) for prefix, steps in document.get("subscriptions", ())
        ),
    )


def _listed(steps: Iterable[Step]) -> list[list[str | int]]:
    """Return steps as lists: action, value, and the data of an event that has some."""
    return [[step.action.value, step.value, *(() if step.data is None else (step.data,))] for step in steps]


def _steps(listed: Iterable[Sequence[Any]]) -> tuple[Step, ...]:
    return tuple(Step(Action(action), *rest) for action, *rest in listed)
