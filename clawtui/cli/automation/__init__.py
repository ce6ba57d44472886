"""``clawtui automation``: the commands on configurations, and how they are shown."""
