"""The values that clawtui works with, and pure functions on them: the lowest layer.

``documents`` has the files of the design, on the base in ``checked``, and ``fleet`` all of them together as they were
last read, in the maps of ``versioned_map``. ``runs``, ``liveness`` and ``findings`` draw conclusions from them;
``changes`` has the differences between two fleets. ``schedules`` computes when a run is due, ``search`` and ``text``
are about strings, and ``gateway`` is about a stock gateway's store. ``connection`` and ``listed_root`` describe roots
on other hosts and roots in a list.
No module opens a file, reads a clock or imports another layer; every other layer may import this one.
"""
