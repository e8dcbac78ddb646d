"""All measurements, or those named: `python -m bench [NAME …]`, the names being those in `ALL`."""

from __future__ import annotations

import sys

from bench import (
    cloud,
    event_decoding,
    firmware,
    many_devices,
    simulator_speed,
    startup,
    transfers,
    usb_list,
)
from bench.figures import show

ALL = {
    "startup": ("Start-up, whole process, in a clean virtual environment", startup.figures),
    "transfers": ("Writing 128 KiB to a simulated Boron (modelled)", transfers.figures),
    "simulator": ("The simulator in virtual time", simulator_speed.figures),
    "many": ("Many simulated devices at once (modelled)", many_devices.figures),
    "firmware": ("Firmware files", firmware.figures),
    "cloud": ("A simulated cloud on a socket, in a process of its own", cloud.figures),
    "events": ("Decoding an event stream", event_decoding.figures),
    "list": ("Listing devices", usb_list.figures),
}


def main() -> int:
    """Print the figures; say at the end whether every limit was kept."""
    names = sys.argv[1:] or list(ALL)
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"There is no measurement {unknown[0]}; there are: {', '.join(ALL)}", file=sys.stderr)
        return 2
    kept = [show(title, measure()) for title, measure in map(ALL.__getitem__, names)]
    print("\nAll limits are kept." if all(kept) else "\nA limit was missed.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
