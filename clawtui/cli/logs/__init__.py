"""The command ``clawtui logs``: its options, and log lines as text and as JSON.

Imported by `cli.main`; `cli.run` uses its `view`, and `cli.audit` its `options`.
"""
