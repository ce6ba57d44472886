"""``clawtui config``: the commands on the settings, and the settings as a TOML document."""
