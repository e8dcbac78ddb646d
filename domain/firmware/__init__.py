"""Firmware modules, assets and bundles: every byte of a `.bin` or `.zip` file, read, checked and built."""
