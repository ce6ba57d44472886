"""Presentation that the commands and the dashboard share: roles of text, diffs, times, commands on several lines.

Everything here is a value or a pure function that knows neither Textual nor click. Only ``clawtui.cli``,
``clawtui.demo`` and ``clawtui.tui`` may import it.
"""
