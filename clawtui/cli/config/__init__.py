"""The commands of ``clawtui config`` on the settings, and the settings as a TOML document.

Imported by `cli.main` alone.
"""
