"""The cloud's compiler, as far as one can be simulated: it checks what it can, and builds a valid module."""
