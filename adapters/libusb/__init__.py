"""The usb port over libusb, by way of pyusb."""
