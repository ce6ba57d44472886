"""The commands of ``clawtui workspace``, and how workspaces are shown.

Imported by `cli.main` alone.
"""
