"""Records of what goes over the wires: wrappers round any wire, whether it is real or simulated."""
