"""Logic functions: kept, but never run; there is nothing here that could run JavaScript.

Executing one succeeds, with a line in its log that says so.
"""

from __future__ import annotations

from typing import Final

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.document_rows import Document
from particle_cli.simulators.cloud.documents import dates, keep, kept, kept_below, last_part, remove
from particle_cli.simulators.cloud.organizations import owner_key
from particle_cli.simulators.cloud.replies import Plain, moment, refused, reply, reply_nothing

_KIND: Final = "logic function"
_CHANGEABLE: Final = ("name", "description", "enabled", "source", "logic_triggers")
_NOT_RUN: Final = "The simulated cloud keeps logic, but does not run it."


async def execute(call: Call) -> HttpResponse:
    """Say that logic was executed, once."""
    _check_source(call.fields.get("source"))
    line: Plain = {"level": "Warning", "timestamp": moment(call.world.now), "args": [_NOT_RUN]}
    return reply({"result": {"status": "Success", "logs": [line]}})


async def list_all(call: Call) -> HttpResponse:
    """List the functions of an account or organization."""
    with_stats = call.query.get("today_stats") == "true"
    stats: dict[str, Plain] = (
        {"today_stats": {"success": 0, "failure": 0, "timeout": 0}} if with_stats else {}
    )
    found = kept_below(call.world, _KIND, owner_key(call))
    return reply({"logic_functions": [{**_shown(call, one), **stats} for one in found]})


async def show(call: Call) -> HttpResponse:
    """Show one function."""
    return reply({"logic_function": _shown(call, _named(call))})


async def create(call: Call) -> HttpResponse:
    """Keep a function."""
    wanted = _wanted(call)
    if not wanted.get("name"):
        raise refused(400, "name is required")
    value: dict[str, Plain] = {"description": "", "enabled": True, "logic_triggers": [], "version": 1}
    source: Plain = {"type": "JavaScript", "code": ""}
    value = {**value, "source": source, **wanted}
    number = call.world.state.fresh("logic function")
    return reply({"logic_function": _shown(call, keep(call, value, _KIND, owner_key(call), number))}, 201)


async def change(call: Call) -> HttpResponse:
    """Change a function."""
    document = _named(call)
    value = document.value
    version = value["version"]
    assert isinstance(version, int)
    value |= {**_wanted(call), "version": version + 1}
    changed = keep(call, value, _KIND, owner_key(call), last_part(document))
    return reply({"logic_function": _shown(call, changed)})


async def delete(call: Call) -> HttpResponse:
    """Forget a function."""
    remove(call.world, _named(call))
    return reply_nothing()


async def list_runs(call: Call) -> HttpResponse:
    """List the runs of a function: there never is any."""
    _named(call)
    return reply({"logic_runs": []})


async def show_run(call: Call) -> HttpResponse:
    """Show a run, or its log, of which there is none."""
    _named(call)
    raise refused(404, "Logic run not found")


def _named(call: Call) -> Document:
    """Return the function that the path names. Raises: Refusal."""
    document = kept(call.world, _KIND, owner_key(call), call.places["function"])
    if document is None:
        raise refused(404, "Logic function not found")
    return document


def _wanted(call: Call) -> dict[str, Plain]:
    """Return what the request says of a function. Raises: Refusal."""
    wanted = call.fields.get("logic_function")
    if not isinstance(wanted, dict):
        raise refused(400, "logic_function is required")
    if "source" in wanted:
        _check_source(wanted["source"])
    return {key: wanted[key] for key in _CHANGEABLE if key in wanted}


def _check_source(source: Plain) -> None:
    """Refuse what is no source. Raises: Refusal."""
    if not isinstance(source, dict) or source.get("type") != "JavaScript":
        raise refused(400, "source must be of the type JavaScript")
    if not isinstance(source.get("code"), str):
        raise refused(400, "source must have code")


def _shown(call: Call, document: Document) -> dict[str, Plain]:
    owner = call.organization().id if "organization" in call.places else call.user.id
    fixed: dict[str, Plain] = {"id": last_part(document), "owner_id": owner, "template_slug": None}
    return {**fixed, **document.value, **dates(document)}
