"""Two descriptions of an integration side by side: whether they mean the same, and where they differ."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final

from attrs import frozen

from particle_cli.domain.cloud.integrations import WEBHOOK, Integration
from particle_cli.domain.cloud.reading import Json

_OTHER_NAMES: Final[Mapping[str, str]] = {
    "eventName": "event",
    "deviceid": "deviceID",
    "deviceId": "deviceID",
    "device_id": "deviceID",
}
_DEFAULTS: Final[Mapping[str, Json]] = {
    "requestType": "POST",
    "noDefaults": False,
    "rejectUnauthorized": True,
    "disabled": False,
    "unchunked": False,
    "dataUrlResponseEvent": False,
}
_WITHOUT_EFFECT: Final = ("mydevices", "id", "template")
_SHOWN: Final = (
    "event",
    "name",
    "url",
    "deviceID",
    "integration_type",
    "responseTopic",
    "errorResponseTopic",
    *_DEFAULTS,
)
"""Settings that hold no secrets; of others it is told that they change, and not how."""


@frozen
class Change:
    """One setting that differs, as texts that may be shown; None where it is absent, or is not to be seen."""

    setting: str
    before: str | None
    after: str | None

    @property
    def text(self) -> str:
        """The change in words."""
        if self.before is None and self.after is None:
            return f"{self.setting}: changed"
        return f"{self.setting}: {self.before or 'nothing'} -> {self.after or 'nothing'}"


def plain_settings(document: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return the settings under their main names, without those that only say what is so anyway."""
    found: dict[str, Json] = {}
    for key, value in document.items():
        name = _OTHER_NAMES.get(key, key)
        if name == "deviceID" and isinstance(value, str):
            value = value.lower()
        if name == "requestType" and isinstance(value, str):
            value = value.upper()
        if value is not None and name not in _WITHOUT_EFFECT and _DEFAULTS.get(name) != value:
            found[name] = value
    found.setdefault("integration_type", WEBHOOK)
    return found


def changes(before: Mapping[str, Json], after: Mapping[str, Json]) -> tuple[Change, ...]:
    """Return in which settings two descriptions differ, in the order of the second one."""
    old, new = plain_settings(before), plain_settings(after)
    return tuple(
        Change(name, _shown(name, old), _shown(name, new))
        for name in dict.fromkeys((*new, *old))
        if old.get(name) != new.get(name)
    )


def matching(document: Mapping[str, Json], there: Iterable[Integration]) -> tuple[Integration, ...]:
    """Return the integrations that a description may be meant for.

    That is the one of its id if it has one; else those of its name; without a name those of the same type,
    event, device and address.
    """
    if isinstance(number := document.get("id"), str):
        return tuple(one for one in there if one.id == number.lower())
    wanted = plain_settings(document)
    same_type = [one for one in there if one.type == wanted["integration_type"]]
    if wanted.get("name"):
        return tuple(one for one in same_type if one.name == wanted["name"])
    told = (wanted.get("event"), wanted.get("url"), wanted.get("deviceID"))
    return tuple(one for one in same_type if (one.event, one.url, one.device_id) == told)


def _shown(name: str, settings: Mapping[str, Json]) -> str | None:
    value = settings.get(name, _DEFAULTS.get(name))
    if name not in _SHOWN or value is None:
        return None
    return json.dumps(value, ensure_ascii=False)
