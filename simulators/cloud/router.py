"""From a request's path to the handler that answers it.

The raw path is split first and its segments decoded after, so that an escaped slash belongs to a name.
Doubled and final slashes are passed over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import parse_qsl, unquote

from particle_cli.simulators.cloud.replies import method_not_allowed, no_such_page

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from particle_cli.ports.http import HttpResponse
    from particle_cli.simulators.cloud.call import Call
    from particle_cli.simulators.cloud.replies import EventStream

    Handler = Callable[[Call], Awaitable[HttpResponse | EventStream]]

RESERVED: Final = frozenset({"events", "ping", "owner", "unprotect", "backup_files"})
"""What stands behind a device's id and is no name of a function or variable."""


class Route:
    """One way in. A plain class: there are many of them, and most are never asked for.

    Attributes:
        method: GET, POST, PUT, PATCH or DELETE; HEAD goes where GET goes.
        pattern: segments; `:name` stands for any, `:name!` for any that isn't reserved.
        public: whether no token is asked for.
        target: what answers, as module and function.
    """

    __slots__ = ("method", "pattern", "public", "target")

    def __init__(self, method: str, path: str, target: str, *, public: bool = False) -> None:
        """Make a route.

        Args:
            method: of the request.
            path: as it is written in documentation, `/v1/devices/:device`.
            target: module of this package and function in it that answers, `devices:show`.
            public: whether no token is asked for.
        """
        self.method = method
        self.pattern = tuple(path.strip("/").split("/"))
        self.public = public
        self.target = target

    @property
    def handler(self) -> Handler:
        """What answers; its module is loaded now, if it was not before."""
        module, _, function = self.target.partition(":")
        return cast("Handler", getattr(import_module(f"{__package__}.{module}"), function))


def segments_of(raw_path: str) -> tuple[str, ...]:
    """Return the decoded segments of a raw path."""
    return tuple(unquote(segment) for segment in raw_path.split("/") if segment)


def query_of(raw_query: str) -> Mapping[str, str]:
    """Return the names and values of a raw query; of a repeated name the last."""
    return dict(parse_qsl(raw_query, keep_blank_values=True))


def find(routes: Sequence[Route], method: str, segments: Sequence[str]) -> tuple[Route, Mapping[str, str]]:
    """Return the route for a request and what its variable segments are.

    Raises: Refusal: 404 where nothing is, 405 where the method isn't served.
    """
    wanted = "GET" if method == "HEAD" else method
    elsewhere: dict[str, None] = {}
    for candidate in routes:
        places = _places(candidate.pattern, segments)
        if places is not None and candidate.method == wanted:
            return candidate, places
        if places is not None:
            elsewhere[candidate.method] = None
    raise method_not_allowed(elsewhere) if elsewhere else no_such_page()


def _places(pattern: Sequence[str], segments: Sequence[str]) -> Mapping[str, str] | None:
    """Match segments against a pattern; None when they don't fit."""
    if len(pattern) != len(segments):
        return None
    places: dict[str, str] = {}
    for expected, found in zip(pattern, segments, strict=True):
        if not expected.startswith(":"):
            if expected != found:
                return None
        elif expected.endswith("!") and found in RESERVED:
            return None
        else:
            places[expected.strip(":!")] = found
    return places
