"""The output of the commands on a stock gateway's root, as text and as JSON.

The command of a noun calls the view of its name here when the root is a stock gateway's. `styles` has the colours of
verdicts and statuses. Imported inside functions, so that other roots do not pay for it.
"""
