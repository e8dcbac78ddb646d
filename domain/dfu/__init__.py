"""DFU 1.1 with ST's DfuSe extension, the host's side: a bootloader's states, reading and writing memory."""
