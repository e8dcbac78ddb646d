"""What is said on the wires, and every decision: pure and deterministic."""
