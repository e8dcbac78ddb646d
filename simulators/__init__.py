"""The far ends of the wires in software: devices on a bus, a cloud, faults; one world."""
