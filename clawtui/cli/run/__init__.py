"""The commands of ``clawtui run``, and ``progress``, ``wait`` and ``why``, and how runs are shown.

`report` writes a run as HTML or SVG. Imported by `cli.main` alone.
"""
