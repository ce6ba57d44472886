"""The command ``clawtui doctor``, and how findings are shown.

What is examined and how it is fixed is in `operations.doctor`. Imported by `cli.main` alone.
"""
