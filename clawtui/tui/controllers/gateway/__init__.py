"""Controllers of the dashboard for a root of a stock gateway: its verdicts, its transcripts, and its own commands."""
