"""The two faces of a plan: lines for a person, plain data for a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from particle_cli.domain.flashing.blocks import BlockOrder
from particle_cli.domain.flashing.placement import EraseRun, Placement
from particle_cli.domain.flashing.plan import Plan
from particle_cli.domain.flashing.steps import Mode, SendUpdate, Step, SwitchMode, WriteMemory

Plain = None | bool | int | float | str | Sequence["Plain"] | Mapping[str, "Plain"]
"""What JSON can say."""

_ORDERS = {
    BlockOrder.HEADER_LAST: "header last",
    BlockOrder.HEADER_BEFORE_FORMER_SLOT: "header, then the page at the former application slot last",
    BlockOrder.HEADER_FIRST: "header first",
    BlockOrder.ASCENDING: "",
}


def plan_lines(plan: Plan) -> Iterator[str]:
    """Yield the plan as lines of text."""
    device = f"{plan.target.platform.name} {plan.target.id}"
    mode = "DFU" if plan.target.in_dfu else "normal"
    yield f"Plan for {device} (in {mode} mode now), about {duration(plan.estimate_ms)}:"
    for number, step in enumerate(plan.steps, 1):
        yield f"  {number}. {_described(step, verify=plan.verify)}, about {duration(step.estimate_ms)}"
    for skipped in plan.skipped:
        yield f"Skipping {skipped.name} because {skipped.reason}"
    yield f"The device is left in {plan.ends_in.value} mode."


def _described(step: Step, *, verify: bool) -> str:
    match step:
        case SwitchMode():
            return f"Switch the device to {step.to.value} mode"
        case SendUpdate():
            return (
                f"Send {step.name} ({_module(step)}): {step.size} bytes by control requests; "
                "the device restarts"
            )
        case WriteMemory(placement=placement):
            details = [
                f"{placement.size} bytes at {placement.address:#010x}",
                f"alternate setting {placement.alternate}",
                f"erases {_sectors(placement)}",
                _ORDERS[step.order],
                "read back" if verify else "not read back",
            ]
            return f"Write {step.name} ({_module(step)}): {', '.join(filter(None, details))}"


def _module(step: SendUpdate | WriteMemory) -> str:
    return step.title if step.version is None else f"{step.title}, version {step.version}"


def _sectors(placement: Placement) -> str:
    return " and ".join(f"{run.count} x {run.sector_size // 1024} KiB" for run in placement.erased)


def duration(milliseconds: float) -> str:
    """Return a duration in words, with as much precision as a person wants."""
    seconds = milliseconds / 1000
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def plan_data(plan: Plan) -> Mapping[str, Plain]:
    """Return the plan as values that JSON knows. Addresses are numbers, times in ms."""
    return {
        "device": plan.target.id,
        "platform": plan.target.platform.name,
        "mode": _mode(Mode.DFU if plan.target.in_dfu else Mode.NORMAL),
        "steps": [step_data(step) for step in plan.steps],
        "skipped": [{"name": skipped.name, "reason": skipped.reason} for skipped in plan.skipped],
        "warnings": list(plan.warnings),
        "modeSwitches": plan.mode_switches,
        "verify": plan.verify,
        "estimateMs": plan.estimate_ms,
        "endsIn": _mode(plan.ends_in),
    }


def step_data(step: Step) -> Mapping[str, Plain]:
    """Return one step as values that JSON knows."""
    match step:
        case SwitchMode():
            return {"action": "switch_mode", "to": _mode(step.to), "estimateMs": step.estimate_ms}
        case SendUpdate():
            return {
                "action": "send_update",
                "name": step.name,
                "module": step.title,
                "version": step.version,
                "transport": "control_request",
                "size": step.size,
                "estimateMs": step.estimate_ms,
            }
        case WriteMemory(placement=placement):
            return {
                "action": "write_memory",
                "name": step.name,
                "module": step.title,
                "version": step.version,
                "transport": "dfu",
                "alternate": placement.alternate,
                "address": placement.address,
                "size": placement.size,
                "erase": [_erase_data(run) for run in placement.erased],
                "order": step.order.value,
                "blocks": len(step.sequence),
                "estimateMs": step.estimate_ms,
            }


def _erase_data(run: EraseRun) -> Mapping[str, Plain]:
    return {"address": run.start, "sectorSize": run.sector_size, "count": run.count}


def _mode(mode: Mode) -> str:
    return mode.value.lower()
