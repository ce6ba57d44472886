"""``clawtui serve``: the dashboard in a browser, as an extra."""
