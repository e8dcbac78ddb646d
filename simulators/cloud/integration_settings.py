"""What may be said of an integration: read, checked, and brought into one form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from particle_cli.simulators.cloud.integration_rows import WEBHOOK
from particle_cli.simulators.cloud.replies import Plain, Refusal, refused

_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    WEBHOOK: ("url",),
    "AzureIotHub": ("hub_name", "policy_name", "policy_key"),
    "GoogleCloudPubSub": ("topic",),
    "GoogleMaps": ("api_key",),
}
_METHODS: Final = ("GET", "POST", "PUT", "DELETE")
_BODIES: Final = ("json", "form", "body")
_TEXTS: Final = ("url", "name", "template", "body", "responseTopic", "errorResponseTopic")
_TRUTHS: Final = ("noDefaults", "rejectUnauthorized", "unchunked", "dataUrlResponseEvent")
_OBJECTS: Final = ("form", "query", "headers", "auth")
_OBJECTS_OR_TEXTS: Final = ("json", "responseTemplate")
_EVENT_NAMES: Final = ("event", "eventName")
_DEVICE_NAMES: Final = ("deviceID", "deviceid", "deviceId", "device_id")
_TRUE, _FALSE = ("true", "1"), ("false", "0", "")
_MOST_EVENT: Final = 64


@frozen
class Wanted:
    """An integration as somebody wants it; see `integration_rows.Integration`."""

    type: str
    event: str
    device_id: str | None
    disabled: bool
    settings: dict[str, Plain] = field(repr=False)


def read_settings(fields: Mapping[str, Plain]) -> Wanted:
    """Return what the fields of a request want. Raises: Refusal."""
    kind = _type(fields)
    event = _first_text(fields, _EVENT_NAMES)
    if not event:
        raise refused(400, "event is required")
    if len(event) > _MOST_EVENT:
        raise refused(400, f"event has at most {_MOST_EVENT} characters")
    for name in _NEEDED[kind]:
        if not _text(fields, name):
            raise refused(400, f"{name} is required")
    device = _first_text(fields, _DEVICE_NAMES)
    settings: dict[str, Plain] = {}
    for name in _NEEDED[kind]:
        settings[name] = _text(fields, name)
    if kind == WEBHOOK:
        settings |= _webhook(fields)
    elif name_given := _text(fields, "name"):
        settings["name"] = name_given
    return Wanted(
        kind, event, device.lower() if device else None, _truth(fields, "disabled", False), settings
    )


def _type(fields: Mapping[str, Plain]) -> str:
    asked = _text(fields, "integration_type") or WEBHOOK
    for kind in _NEEDED:
        if kind.lower() == asked.lower():
            return kind
    raise refused(400, f"integration_type must be one of {', '.join(_NEEDED)}")


def _webhook(fields: Mapping[str, Plain]) -> dict[str, Plain]:
    """Return the settings of a webhook, those with a default always. Raises: Refusal."""
    url = _text(fields, "url") or ""
    if "{{" not in url and not url.lower().startswith(("http://", "https://")):
        raise refused(400, "url must begin with http:// or https://")
    method = (_text(fields, "requestType") or "POST").upper()
    if method not in _METHODS:
        raise refused(400, f"requestType must be one of {', '.join(_METHODS)}")
    if sum(fields.get(name) is not None for name in _BODIES) > 1:
        raise refused(400, "Only one of json, form and body can be given")
    settings: dict[str, Plain] = {"url": url, "requestType": method}
    for name in _TRUTHS:
        if name in fields or name in ("noDefaults", "rejectUnauthorized"):
            settings[name] = _truth(fields, name, name == "rejectUnauthorized")
    for name in _TEXTS:
        if (text := _text(fields, name)) is not None:
            settings[name] = text
    for name in (*_OBJECTS, *_OBJECTS_OR_TEXTS):
        if (value := fields.get(name)) is not None:
            settings[name] = _object(name, value)
    _check_auth(settings.get("auth"))
    return settings


def _object(name: str, value: Plain) -> Plain:
    if isinstance(value, Mapping) or (isinstance(value, str) and name in _OBJECTS_OR_TEXTS):
        return value
    raise refused(400, f"{name} must be an object{' or a text' if name in _OBJECTS_OR_TEXTS else ''}")


def _check_auth(auth: Plain) -> None:
    if isinstance(auth, Mapping) and not all(
        isinstance(auth.get(one), str) for one in ("username", "password")
    ):
        raise refused(400, "auth must have a username and a password")


def _truth(fields: Mapping[str, Plain], name: str, default: bool) -> bool:
    value = fields.get(name)
    if value is None:
        return default
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in (*_TRUE, *_FALSE):
        return value.lower() in _TRUE
    raise _wrong(name, "true or false")


def _text(fields: Mapping[str, Plain], name: str) -> str | None:
    value = fields.get(name)
    if value is None or isinstance(value, str):
        return value
    raise _wrong(name, "a text")


def _first_text(fields: Mapping[str, Plain], names: tuple[str, ...]) -> str | None:
    return next((text for name in names if (text := _text(fields, name))), None)


def _wrong(name: str, wanted: str) -> Refusal:
    return refused(400, f"{name} must be {wanted}")
