"""Real wires: libusb, serial ports, HTTP, disk, clock, terminal."""
