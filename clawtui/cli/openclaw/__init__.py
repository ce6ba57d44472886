"""The output of the commands on a stock gateway's root, as text and as JSON.

The command of a noun calls the view of its name here when the root is a stock gateway's. Each is imported inside a
function, so that commands on other roots do not load it.
"""
