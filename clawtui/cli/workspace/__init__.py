"""``clawtui workspace``: the commands on workspaces, and how workspaces are shown."""
