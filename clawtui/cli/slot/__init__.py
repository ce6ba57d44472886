"""The commands of ``clawtui slot`` on concurrency slots, and how slots are shown.

Imported by `cli.main` alone.
"""
