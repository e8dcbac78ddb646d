"""The device cloud in software: one request handler, and the devices behind it."""
