"""The values that clawtui works with, and pure functions on them: the lowest layer.

``documents`` has the files of the design, and ``fleet`` all of them together as they were last read. ``runs``,
``liveness`` and ``findings`` draw conclusions from them; ``changes`` has the differences between two fleets. ``search``
and ``text`` are about strings, ``gateway`` is about a stock gateway's store. No module opens a file, reads a clock or
imports another layer; every other layer may import this one.
"""
