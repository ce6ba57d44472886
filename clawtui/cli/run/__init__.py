"""``clawtui run`` and ``clawtui progress``: the commands on runs, and how runs and timelines are shown."""
