"""The USB side of a simulated device: descriptors, standard requests, answers to transfers."""
