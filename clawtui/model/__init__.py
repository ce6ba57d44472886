"""The values that clawtui works with, and pure functions on them: the lowest layer.

``documents`` has the files of the design, ``fleet`` all of them together as they were last read. ``runs``,
``liveness`` and ``findings`` say what follows from them; ``changes`` says how two fleets differ. ``search`` and
``text`` are about strings, ``gateway`` about a stock gateway's store. Nothing here opens a file, reads a clock or
imports another layer; every other layer may import it.
"""
