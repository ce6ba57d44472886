"""Concurrency slots: `report` lists them with the verdict on each session, `free` frees one that nothing else will
free.

Imports `evidence` and `locks` of this layer; `runs` and `doctor` import it.
"""
