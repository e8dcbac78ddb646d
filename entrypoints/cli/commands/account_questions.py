"""Who somebody is: user name, password and login code, as given on the command line or asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from particle_cli.domain.cloud.account import (
    LIFETIME_S,
    RECOVERY,
    LoginCodeRefused,
    LoginRefused,
    Session,
    complete_login,
    log_in,
)
from particle_cli.domain.cloud.errors import MfaRequired
from particle_cli.entrypoints.cli.commands.cloud_session import cloud_client
from particle_cli.entrypoints.wires import SIM, STDIN
from particle_cli.ports.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires

T = TypeVar("T")

_TRIES = 3  # with questions; who gave everything as flags has to give it anew
_NO_USERNAME = "You need an email address to log in"
_NO_PASSWORD = "You need a password to log in"


class Account:
    """An account that is to be opened with its password."""

    def __init__(self, given: Given, wires: Wires, *, username: str | None = None, flags: str) -> None:
        """Take what was given on the command line; a password of `-` is read from standard input.

        Args:
            given: holds the flags `username`, `password` and `otp`.
            wires: where the cloud is, and whom to ask.
            username: the account, where it is settled without a question; a flag overrides it.
            flags: what names the account on the command line where nobody can be asked.

        Raises: UsageError.
        """
        self._wires = wires
        self._person = wires.person
        self._flags = flags
        self._username = given.text("username")
        self._settled = self._username is None and username is not None
        if self._settled:
            self._username = username
        self._password = given.text("password")
        self._code = given.text("otp")
        if self._password == STDIN:
            self._password = wires.read_secret("password")
        if self._username == "":
            raise UsageError(_NO_USERNAME)
        if self._password == "":
            raise UsageError(_NO_PASSWORD)

    async def log_in(self, *, lifetime_s: int = LIFETIME_S) -> Session:
        """Log in, for a token that lives for so many seconds (0: for ever); ask for what is missing.

        Raises: LoginRefused, LoginCodeRefused, NobodyThere, CloudError.
        """

        async def attempt(username: str, password: str) -> Session:
            wires = self._wires
            client = cloud_client(wires, None)
            try:
                return await log_in(
                    client, wires.clock, username=username, password=password, lifetime_s=lifetime_s
                )
            except MfaRequired as required:
                mfa_token = required.mfa_token
            return await self.with_code(
                lambda code: complete_login(
                    client, wires.clock, username=username, mfa_token=mfa_token, code=code
                )
            )

        return await self.with_password(attempt)

    async def with_password(self, attempt: Callable[[str, str], Awaitable[T]]) -> T:
        """Do what needs a user name and a password: ask for what is missing, and again if it is refused.

        Raises: NobodyThere; what the attempt raises.
        """
        username, password = self._username, self._password
        if username is not None and password is not None:
            return await attempt(username, password)
        self._tell_of_the_account()
        for tries_left in reversed(range(_TRIES)):
            username = await self._asked_username(username)
            try:
                return await attempt(username, password or await self._asked_password())
            except LoginRefused as refused:
                if not tries_left:
                    raise LoginRefused(
                        f"{refused.message}\nIt seems we're having trouble with logging in.",
                        next_step=refused.next_step,
                        status=refused.status,
                    ) from refused
                self._person.note(f"{refused.message}\nLet's try again.")
        raise AssertionError("the last try returns or raises")

    async def with_code(self, attempt: Callable[[str], Awaitable[T]]) -> T:
        """Do what needs a login code: ask for it unless it was given, and again if it is refused.

        Raises: NobodyThere; what the attempt raises.
        """
        if self._code is not None:
            return await attempt(self._code.strip())
        if self._person.present:
            self._person.note("Your authenticator app shows the login code for this account.")
            self._person.note(f"Is the app out of reach? Recover your account at {RECOVERY}")
        for tries_left in reversed(range(_TRIES)):
            try:
                return await attempt((await self._asked_code()).strip())
            except LoginCodeRefused as refused:
                if not tries_left:
                    raise
                self._person.note(f"{refused.message}\nLet's try again.")
        raise AssertionError("the last try returns or raises")

    async def optional_code(self) -> str | None:
        """Return the login code that was given, or else what somebody who is asked types, if anything."""
        if self._code is not None:
            return self._code.strip()
        if not self._person.present or self._password is not None:
            return None
        asked = "Please enter a login code [optional]"
        return (await self._person.ask(asked, flag="--otp")).strip() or None

    # -- questions -------------------------------------------------------------------------------------

    def _tell_of_the_account(self) -> None:
        if self._settled and self._person.present:
            self._person.note(f"Using account {self._username}")
        if self._wires.profile.api_url == SIM and self._person.present:
            from particle_cli.simulators.cloud.state import FIRST_PASSWORD, FIRST_USER

            self._person.note(
                f"The account in the simulated cloud is {FIRST_USER}, its password `{FIRST_PASSWORD}`."
            )

    async def _asked_username(self, known: str | None) -> str:
        if known is not None and (self._settled or not self._person.present):
            return known
        default = known or self._wires.profile.username
        asked = "Please enter your email address"
        typed = await self._filled(
            lambda: self._person.ask(asked, flag=self._flags, default=default), _NO_USERNAME
        )
        return typed.strip()

    async def _asked_password(self) -> str:
        flag = "--password, or with --password - and a line on standard input"
        asked = "Please enter your password"
        return await self._filled(lambda: self._person.ask_secret(asked, flag=flag), _NO_PASSWORD)

    async def _asked_code(self) -> str:
        asked = "Please enter a login code"
        return await self._filled(lambda: self._person.ask(asked, flag="--otp"), "You need a login code")

    async def _filled(self, ask: Callable[[], Awaitable[str]], otherwise: str) -> str:
        """Ask until something is typed."""
        while not (typed := await ask()).strip():
            self._person.note(otherwise)
        return typed
