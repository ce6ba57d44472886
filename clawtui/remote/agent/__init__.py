"""The agent on the host of a root: it watches the root, judges its locks, and sends changes to a dashboard.

`serving` is its main loop. `fleet_sender`, `tail_sender` and `judge` send; `acts` and `answers` answer requests.
Imported by ``clawtui agent`` alone.
"""
