"""``clawtui lock``: the commands on locks, the consent that a release takes, and how locks are shown."""
