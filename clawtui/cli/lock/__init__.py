"""The commands of ``clawtui lock``, the consent that a release needs, and how locks are shown.

`consent` asks for what the verdict requires, or reads it from the options; `release` and its `release_view` are the
only commands here that remove a lock. Imported by `cli.main` alone.
"""
