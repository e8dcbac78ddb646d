"""What comes of a webhook: an answer, as text in parts that events can carry, or a failure."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.replies import Plain
from particle_cli.simulators.cloud.webhook_templates import render, render_all

PART_BYTES: Final = 512
MOST_BYTES: Final = 100 * 1024
"""What is longer is cut off."""


@frozen
class Outcome:
    """How an attempt ended.

    Attributes:
        error: why it failed, or None.
        again: whether another attempt may fare better.
        parts: what the answer is told in.
    """

    error: str | None
    again: bool = False
    parts: tuple[str, ...] = field(default=(), repr=False)


def parts_of(text: str, size: int = PART_BYTES) -> tuple[str, ...]:
    """Return a text in parts of so many bytes of UTF-8, or a little less where a character would be cut.

    Args:
        text: the text; an empty one has no parts.
        size: at least 4, the length of the longest character.
    """
    content, found, at = text.encode(errors="replace"), [], 0
    while at < len(content):
        end = min(at + size, len(content))
        while end < len(content) and content[end] & 0xC0 == 0x80:  # in the middle of a character
            end -= 1
        found.append(content[at:end].decode())
        at = end
    return tuple(found)


def answer_parts(
    answer: HttpResponse, settings: Mapping[str, Plain], variables: Mapping[str, Plain]
) -> tuple[str, ...]:
    """Return the data of the events that tell of an answer.

    Args:
        answer: what came back.
        settings: the webhook's.
        variables: those of the event that triggered it; the keys of an answer in JSON come on top.

    Raises: TemplateWrong.
    """
    if settings.get("dataUrlResponseEvent"):
        kind = (answer.header("content-type") or "application/octet-stream").replace(" ", "")
        text = f"data:{kind};base64,{base64.b64encode(answer.body).decode()}"
    else:
        text = _rendered(answer.body.decode(errors="replace"), settings.get("responseTemplate"), variables)
    if len(text.encode(errors="replace")) > MOST_BYTES:
        text = parts_of(text, MOST_BYTES)[0]
    if settings.get("unchunked"):
        return (text,) if text else ()
    return parts_of(text)


def _rendered(text: str, template: Plain, variables: Mapping[str, Plain]) -> str:
    """Return the text, or what a template makes of it if it is JSON."""
    if not template:
        return text
    try:
        document: Plain = json.loads(text)
    except (ValueError, RecursionError):
        return text
    known = {**variables, **document} if isinstance(document, Mapping) else document
    if isinstance(template, str):
        return render(template, known)
    return json.dumps(render_all(template, known), ensure_ascii=False, separators=(",", ":"))
