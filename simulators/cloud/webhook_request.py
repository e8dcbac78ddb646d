"""The request that a webhook sends: its settings with the event put in."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlencode

from particle_cli.ports.http import HttpRequest
from particle_cli.simulators.cloud.replies import Plain
from particle_cli.simulators.cloud.webhook_templates import render, render_all

AGENT: Final = "ParticleBot/1.1 (https://docs.particle.io/webhooks)"
TIMEOUT_MS: Final = 20_000

_JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"
_KEPT: Final = (
    "!#$%&'()*+,/:;=?@[]~"  # of an address, what is not to be escaped: it has been, or means something
)


def request_of(
    settings: Mapping[str, Plain], variables: Mapping[str, Plain], defaults: Mapping[str, str]
) -> HttpRequest:
    """Return the request of a webhook.

    Args:
        settings: the webhook's, as the API calls them.
        variables: what its templates know.
        defaults: fields that are sent unless it says `noDefaults`.

    Raises: TemplateWrong.
    """
    method = str(settings.get("requestType") or "POST")
    if settings.get("noDefaults"):
        defaults = {}
    query = _texts(settings.get("query"), variables)
    kind, body = (None, None) if method == "GET" else _body(settings, variables, defaults)
    if method == "GET":
        query = {**defaults, **query, **_texts(settings.get("form"), variables)}
    headers = {"User-Agent": AGENT}
    if kind:
        headers["Content-Type"] = kind
    if kind == _JSON:
        headers["Accept"] = _JSON
    headers |= _auth(settings.get("auth"), variables)
    own = _texts(settings.get("headers"), variables)
    names = {name.lower() for name in own}
    pairs = [(name, value) for name, value in headers.items() if name.lower() not in names]
    url = quote(render(str(settings.get("url") or ""), variables), safe=_KEPT)
    if query:
        url = url.partition("#")[0]
        url += ("&" if "?" in url else "?") + urlencode(query, quote_via=quote, errors="replace")
    return HttpRequest(method, url, (*pairs, *own.items()), body, TIMEOUT_MS, secret=True)


def _body(
    settings: Mapping[str, Plain], variables: Mapping[str, Plain], defaults: Mapping[str, str]
) -> tuple[str | None, bytes | None]:
    """Return content type and body."""
    if settings.get("json") is not None:
        text = _json(settings["json"], variables, defaults)
        return _JSON, text.encode(errors="replace")
    if settings.get("body") is not None:
        return None, render(str(settings["body"]), variables).encode(errors="replace")
    form = {**defaults, **_texts(settings.get("form"), variables)}
    if not form:
        return None, None
    return _FORM, urlencode(form, quote_via=quote, errors="replace").encode()


def _json(template: Plain, variables: Mapping[str, Plain], defaults: Mapping[str, str]) -> str:
    """Render JSON that was given as such, or as text: that need not be JSON before, nor after."""
    if isinstance(template, str):
        text = render(template, variables)
        if not defaults:
            return text
        try:
            document: Plain = json.loads(text)
        except (ValueError, RecursionError):
            return text
    else:
        document = render_all(template, variables)
    if isinstance(document, Mapping):
        document = {**defaults, **document}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _texts(document: Plain, variables: Mapping[str, Plain]) -> dict[str, str]:
    """Render the fields of a form, query or head; what is no text is written as JSON."""
    rendered = render_all(document, variables)
    if not isinstance(rendered, Mapping):
        return {}
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in rendered.items()}


def _auth(auth: Plain, variables: Mapping[str, Plain]) -> dict[str, str]:
    """Return the header of HTTP Basic authentication (RFC 7617)."""
    if not isinstance(auth, Mapping):
        return {}
    given = _texts(auth, variables)
    pair = f"{given.get('username', '')}:{given.get('password', '')}"
    return {"Authorization": "Basic " + base64.b64encode(pair.encode(errors="replace")).decode()}
