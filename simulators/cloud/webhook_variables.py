"""What the templates of a webhook know of the event that triggers it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from particle_cli.simulators.cloud.replies import Plain, moment

if TYPE_CHECKING:
    from particle_cli.simulators.cloud.integration_rows import Delivery
    from particle_cli.simulators.cloud.state import CloudState


def variables_of(delivery: Delivery, state: CloudState) -> Mapping[str, Plain]:
    """Return the variables by name: the keys of data that is a JSON object, and those that there always are.

    `PARTICLE_EVENT_JSON` and `PARTICLE_EVENT_BASE64` are the whole event.
    """
    device = state.devices.get(delivery.source)
    published = moment(delivery.published)
    product = delivery.product_id
    if product is None and device is not None:
        product = device.platform_id
    always: dict[str, Plain] = {
        "PARTICLE_DEVICE_ID": delivery.source,
        "PARTICLE_EVENT_NAME": delivery.name,
        "PARTICLE_EVENT_VALUE": delivery.data,
        "PARTICLE_PUBLISHED_AT": published,
        "PARTICLE_EVENT_ID": _uuid(delivery.event_id),
        "PRODUCT_ID": product,
        "SPARK_CORE_ID": delivery.source,
        "SPARK_EVENT_NAME": delivery.name,
        "SPARK_EVENT_VALUE": delivery.data,
        "SPARK_PUBLISHED_AT": published,
    }
    if delivery.product_id is not None:
        always["PRODUCT_USER_ID"] = device.owner_id if device else None
        always["PRODUCT_VERSION"] = delivery.version
    whole = json.dumps(
        {**default_fields(delivery), "id": _uuid(delivery.event_id)},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    always["PARTICLE_EVENT_JSON"] = whole
    always["PARTICLE_EVENT_BASE64"] = base64.b64encode(whole.encode(errors="replace")).decode()
    return {**_keys(delivery.data), **always}


def default_fields(delivery: Delivery) -> dict[str, str]:
    """Return what is sent of an event unless a webhook wants none of it."""
    return {
        "event": delivery.name,
        "data": delivery.data or "",
        "coreid": delivery.source,
        "published_at": moment(delivery.published) or "",
    }


def _uuid(digits: str) -> str:
    """Return hexadecimal digits in the form of a random UUID (RFC 9562, 5.4)."""
    return f"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-8{digits[15:18]}-{digits[18:30]}"


def _keys(data: str | None) -> Mapping[str, Plain]:
    try:
        document: Plain = json.loads(data or "")
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, Mapping) else {}
