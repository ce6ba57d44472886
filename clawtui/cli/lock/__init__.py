"""``clawtui lock``: the commands on locks, the consent that a release needs, and how locks are shown."""
