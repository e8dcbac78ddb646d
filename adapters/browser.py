"""The person's web browser."""

from __future__ import annotations

import sys
import webbrowser
from collections.abc import Mapping


def show_page(url: str, environment: Mapping[str, str]) -> bool:
    """Open a web page, and tell whether a browser took it.

    Where no window can be opened, none is: a browser of text would take the terminal.

    Args:
        url: absolute, http or https.
        environment: DISPLAY and WAYLAND_DISPLAY are looked up in it, where windows need them.
    """
    needs_display = sys.platform not in ("darwin", "win32")
    if needs_display and not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        return False
    try:
        return webbrowser.open(url)
    except (webbrowser.Error, OSError):
        return False
