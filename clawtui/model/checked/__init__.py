"""Frozen values that are checked when they are read or made: the base of all documents.

``struct`` has the base class, ``reading`` what makes them of plain values and of JSON. ``usual`` reads with msgspec
what a program usually writes; ``judge`` reads the rest with pydantic, which is loaded then, and names the faults.
``markers`` are the parts of annotations that only pydantic understands.
"""
