"""``clawtui slot``: the commands on concurrency slots, and how slots are shown."""
