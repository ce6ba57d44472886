"""Concurrency slots: `report` lists them with the verdict on each session, `free` frees one whose session has ended.

Imports `evidence`, `locks.report` and `locks.restore` of this layer. `runs`, `doctor` and the layers above import it.
"""
