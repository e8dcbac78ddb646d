"""`particle login`: by password, with a login code where the account wants one, or by token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.cloud.account import (
    RECOVERY,
    LoginCodeRefused,
    LoginRefused,
    Session,
    complete_login,
    log_in,
    log_in_with_token,
)
from particle_cli.domain.cloud.errors import MfaRequired
from particle_cli.entrypoints.cli.commands.cloud_session import cloud_client
from particle_cli.entrypoints.cli.result import Result, Told
from particle_cli.entrypoints.wires import SIM, STDIN
from particle_cli.ports.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires

_TRIES = 3  # with questions; who gave everything as flags has to give it anew
_NO_USERNAME = "You need an email address to log in"
_NO_PASSWORD = "You need a password to log in"


async def run(given: Given, wires: Wires) -> Result:
    """Log in, and keep the token in the profile."""
    session = await _session(given, wires)
    profile = wires.profile.name
    wires.settings.remember_session(
        profile, token=session.token, expires_at=session.expires_at, username=session.username
    )
    return Told(
        "> Successfully completed login!",
        {"profile": profile, "username": session.username, "accessTokenExpiresAt": session.expires_at},
    )


async def _session(given: Given, wires: Wires) -> Session:
    token = given.text("token")
    if token is not None:
        if any(given.text(flag) is not None for flag in ("username", "password", "otp")):
            raise UsageError("--token stands alone: it needs no --username, --password or --otp.")
        token = _token(wires.read_secret("token") if token == STDIN else token)
        return await log_in_with_token(cloud_client(wires, token), token)
    username, password = given.text("username"), given.text("password")
    if password == STDIN:
        password = wires.read_secret("password")
    if username == "":
        raise UsageError(_NO_USERNAME)
    if password == "":
        raise UsageError(_NO_PASSWORD)
    login = _Login(wires, given.text("otp"))
    if username is not None and password is not None:
        return await login.with_password(username, password)
    return await login.with_questions(username, password)


def _token(text: str) -> str:
    """Return the token in a word or line. Raises: UsageError for what can be none, without showing it."""
    token = text.strip()
    if not token or " " in token or not (token.isascii() and token.isprintable()):
        raise UsageError("What was given as a token can't be one: a token is one word of plain characters.")
    return token


class _Login:
    """A login by password."""

    def __init__(self, wires: Wires, code: str | None) -> None:
        """Keep the wires, and the login code if it was given."""
        self._wires = wires
        self._person = wires.person
        self._code = code

    async def with_questions(self, username: str | None, password: str | None) -> Session:
        """Ask for what is missing, and again if the cloud refuses it."""
        if self._wires.profile.api_url == SIM and self._person.present:
            from particle_cli.simulators.cloud.state import FIRST_PASSWORD, FIRST_USER

            self._person.note(
                f"The account in the simulated cloud is {FIRST_USER}, its password `{FIRST_PASSWORD}`."
            )
        for tries_left in reversed(range(_TRIES)):
            username = await self._username(username)
            try:
                return await self.with_password(username, password or await self._password())
            except LoginRefused as refused:
                if not tries_left:
                    raise LoginRefused(
                        f"{refused.message}\nIt seems we're having trouble with logging in.",
                        next_step=refused.next_step,
                        status=refused.status,
                    ) from refused
                self._person.note(f"{refused.message}\nLet's try again.")
        raise AssertionError("the last try returns or raises")

    async def with_password(self, username: str, password: str) -> Session:
        """Log in, with a login code if the account wants one."""
        wires = self._wires
        client = cloud_client(wires, None)
        try:
            return await log_in(client, wires.clock, username=username, password=password)
        except MfaRequired as required:
            mfa_token = required.mfa_token
        if self._code is not None:
            return await self._with_code(username, mfa_token, self._code)
        return await self._with_codes_asked_for(username, mfa_token)

    async def _with_codes_asked_for(self, username: str, mfa_token: str) -> Session:
        """Ask for the login code, and again if it does not work."""
        if self._person.present:
            self._person.note("Your authenticator app shows the login code for this account.")
            self._person.note(f"Is the app out of reach? Recover your account at {RECOVERY}")
        for tries_left in reversed(range(_TRIES)):
            try:
                return await self._with_code(username, mfa_token, await self._login_code())
            except LoginCodeRefused as refused:
                if not tries_left:
                    raise
                self._person.note(f"{refused.message}\nLet's try again.")
        raise AssertionError("the last try returns or raises")

    async def _with_code(self, username: str, mfa_token: str, code: str) -> Session:
        wires = self._wires
        client = cloud_client(wires, None)
        return await complete_login(
            client, wires.clock, username=username, mfa_token=mfa_token, code=code.strip()
        )

    # -- questions -------------------------------------------------------------------------------------

    async def _username(self, known: str | None) -> str:
        if known is not None and not self._person.present:
            return known
        default = known or self._wires.profile.username
        flag = "--username and --password, or --token"
        asked = "Please enter your email address"
        typed = await self._filled(lambda: self._person.ask(asked, flag=flag, default=default), _NO_USERNAME)
        return typed.strip()

    async def _password(self) -> str:
        flag = "--password, or with --password - and a line on standard input"
        asked = "Please enter your password"
        return await self._filled(lambda: self._person.ask_secret(asked, flag=flag), _NO_PASSWORD)

    async def _login_code(self) -> str:
        asked = "Please enter a login code"
        return await self._filled(lambda: self._person.ask(asked, flag="--otp"), "You need a login code")

    async def _filled(self, ask: Callable[[], Awaitable[str]], otherwise: str) -> str:
        """Ask until something is typed."""
        while not (typed := await ask()).strip():
            self._person.note(otherwise)
        return typed
