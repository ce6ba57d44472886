"""``clawtui serve``: the dashboard in a browser.

It needs the extra ``serve`` (aiohttp, jinja2, textual-serve). ``command`` is the only module that works without it, and
the only one that other modules import.
"""
