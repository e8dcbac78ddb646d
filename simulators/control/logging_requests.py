"""Log handlers that a host adds to an application that is built with `log-config`: JSON text both ways."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import Entry, since
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.system.system import System

_HANDLERS: Final = ("JSONStreamLogHandler", "StreamLogHandler")
_STREAMS: Final = ("Serial", "USBSerial1", "Serial1")
_LEVELS: Final = ("none", "trace", "info", "warn", "error", "panic", "all")


def entries(system: System) -> Mapping[int, Entry]:
    """Return the requests of this group."""

    def configure(payload: bytes) -> Outcome:
        if not (system.policy.log_config and system.application_runs):
            raise RequestFailed(system_error.NOT_SUPPORTED)
        handlers = system.session.log_handlers
        request = _read(payload)
        match request.get("cmd"):
            case "addHandler":
                handlers[_identity(request)] = _checked(request)
            case "removeHandler":
                handlers.pop(_identity(request), None)
            case "enumHandlers":
                return Outcome(reply=json.dumps(list(handlers), separators=(",", ":")).encode())
            case _:
                raise RequestFailed(system_error.NOT_SUPPORTED)
        return Outcome()

    return {RequestType.LOG_CONFIG: Entry(configure, gen2=since(300))}


def _read(payload: bytes) -> dict[str, object]:
    try:
        document = json.loads(payload)
    except ValueError:
        raise RequestFailed(system_error.BAD_DATA) from None
    if not isinstance(document, dict):
        raise RequestFailed(system_error.BAD_DATA)
    return document


def _identity(request: Mapping[str, object]) -> str:
    identity = request.get("id")
    if not isinstance(identity, str) or not identity:
        raise RequestFailed(system_error.BAD_DATA)
    return identity


def _checked(request: Mapping[str, object]) -> str:
    """Return what a handler is to be like, as text. Raises: RequestFailed for what there is not."""
    if _type(request, "hnd") not in _HANDLERS or _type(request, "strm") not in _STREAMS:
        raise RequestFailed(system_error.NOT_SUPPORTED)
    filters = request.get("filt", [])
    if not isinstance(filters, list) or not all(isinstance(one, dict) for one in filters):
        raise RequestFailed(system_error.BAD_DATA)
    levels = [request.get("lvl", "all"), *(level for one in filters for level in one.values())]
    if not all(level in _LEVELS for level in levels):
        raise RequestFailed(system_error.BAD_DATA)
    return json.dumps({key: value for key, value in request.items() if key not in ("cmd", "id")})


def _type(request: Mapping[str, object], part: str) -> object:
    value = request.get(part)
    return value.get("type") if isinstance(value, dict) else None
