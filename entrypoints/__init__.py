"""Who starts the program, and where each wire goes."""
