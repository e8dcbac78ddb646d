"""The second factor of an account: an authenticator app is shown a secret, and proves that it has it."""

from __future__ import annotations

import base64
from typing import Final
from urllib.parse import quote

from attrs import evolve

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.login_codes import is_shown_at
from particle_cli.simulators.cloud.login_rows import Enrolment
from particle_cli.simulators.cloud.replies import refused, refused_oauth, reply
from particle_cli.simulators.cloud.tokens import end_all
from particle_cli.simulators.cloud.users import require_password

_WITHIN_MS: Final = 10 * 60 * 1000
_SECRET_DIGITS: Final = 40  # hexadecimal; 32 characters of base32


async def offer(call: Call) -> HttpResponse:
    """Make up a secret for the caller's authenticator app; nothing changes before `confirm`."""
    _refuse_second(call)
    state, user = call.world.state, call.user
    secret = base64.b32encode(bytes.fromhex(state.fresh("login secret", _SECRET_DIGITS))).decode()
    expires = call.world.now + _WITHIN_MS
    enrolment = Enrolment(state.fresh("enrolment", 64), user.id, secret, expires)
    state.enrolments.put(enrolment)
    label = quote(f"Particle:{user.username}")
    url = f"otpauth://totp/{label}?secret={secret}&issuer=Particle"
    return reply({"mfa_token": enrolment.value, "qr_url": url, "secret": secret})


async def confirm(call: Call) -> HttpResponse:
    """Ask for login codes from now on, if the caller's app shows the right one."""
    _refuse_second(call)
    state, now = call.world.state, call.world.now
    enrolment = state.enrolments.get(call.text("mfa_token"))
    fits = enrolment is not None and enrolment.user_id == call.user.id and enrolment.expires > now
    if enrolment is None or not fits or not is_shown_at(call.text("otp"), enrolment.secret, now / 1000):
        raise refused_oauth(403, "invalid_grant", "Invalid one-time password")
    state.enrolments.remove(enrolment.value)
    state.users.put(evolve(call.user, login_secret=enrolment.secret))
    if call.text("invalidate_tokens") == "true":
        end_all(call.world, call.user.id)
    return reply({"enrolled": True, "tokens": []})


def _refuse_second(call: Call) -> None:
    if call.user.has_second_factor:
        raise refused(400, "Multifactor authentication is already enabled")


async def disable(call: Call) -> HttpResponse:
    """Ask for the password alone again."""
    require_password(call)
    call.world.state.users.put(evolve(call.user, login_code=None, login_secret=None))
    return reply({"ok": True})
