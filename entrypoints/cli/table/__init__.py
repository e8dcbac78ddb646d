"""The commands as plain strings: what they are called, take and do, and where the code that runs them is."""
