"""``clawtui logs``: its options, and log lines as text and as JSON. Imported by `cli.main` alone."""
