"""An answer of the cloud: JSON, a value, or a file; a page for people is none of these."""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypeVar

from attrs import field, frozen

from particle_cli.domain.cloud.errors import CloudAnswerUnreadable
from particle_cli.domain.cloud.patience import http_date
from particle_cli.domain.cloud.reading import Json, Unreadable, parse_json, structure
from particle_cli.ports.http import HttpResponse

T = TypeVar("T")

IS_IT_THE_CLOUD: Final = (
    "See whether `apiUrl` is the address of a Particle cloud, and whether this network wants a login first; "
    "then try again."
)
"""What to do when something else than the cloud seems to answer."""

_WEB_PAGE: Final = "text/html"


@frozen
class Answer:
    """What the cloud answered to a request that it accepted.

    Attributes:
        status: 2xx, or one of those that the request declared understood.
        body: the bytes.
        url: where it came from, fit to be shown.
        media_type: what the body is said to be, in lower case, without parameters; "" where nothing is.
        date: the header Date, or None.
    """

    status: int
    body: bytes = field(repr=False)
    url: str
    media_type: str = ""
    date: str | None = None

    @classmethod
    def of(cls, response: HttpResponse, url: str) -> Answer:
        """Return the answer in a response of the wire, from an address fit to be shown."""
        return cls(
            response.status, response.body, url, media_type_of(response.headers), response.header("date")
        )

    @property
    def sent(self) -> datetime | None:
        """The time of day by the cloud's own clock; None where it doesn't tell."""
        return http_date(self.date)

    def file(self) -> bytes:
        """Return the body as the file that it is to be.

        Raises: CloudAnswerUnreadable when there is nothing in it, or a page for a person to read.
        """
        if not self.body:
            raise self._unreadable(Unreadable("it is empty"))
        if self.media_type == _WEB_PAGE:
            raise self._unreadable(Unreadable("it is a web page, no file"))
        return self.body

    def json(self) -> Json:
        """Return the body as a JSON document; an empty body of a 204 is an empty object.

        Raises: CloudAnswerUnreadable.
        """
        if self.status == 204 and not self.body:
            return {}
        try:
            return parse_json(self.body)
        except Unreadable as fault:
            if self.media_type == _WEB_PAGE or self.body.lstrip()[:1] == b"<":
                raise self._unreadable(Unreadable("it is a web page, not JSON")) from fault
            raise self._unreadable(fault) from fault

    def into(self, kind: type[T]) -> T:
        """Return the body as a value of that class (or tuple of such); see `reading.structure`.

        Raises: CloudAnswerUnreadable.
        """
        document = self.json()
        try:
            return structure(document, kind)
        except Unreadable as fault:
            raise self._unreadable(fault) from fault

    def _unreadable(self, fault: Unreadable) -> CloudAnswerUnreadable:
        return CloudAnswerUnreadable(
            f"The answer from {self.url} can't be understood: {fault}",
            next_step=IS_IT_THE_CLOUD,
            status=self.status,
        )


def media_type_of(headers: tuple[tuple[str, str], ...]) -> str:
    """Return what a body is said to be, in lower case, without parameters such as its character set."""
    said = next((value for name, value in headers if name.lower() == "content-type"), "")
    return said.partition(";")[0].strip().lower()
