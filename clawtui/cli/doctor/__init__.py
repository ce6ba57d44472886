"""``clawtui doctor``: the command, and how findings are shown."""
