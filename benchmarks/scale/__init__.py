"""How speed, memory and recall grow with what is known: ``python -m benchmarks scale``."""
