"""The six wires of the program, as protocols and plain values: no knowledge of what is said on them."""
