"""What the commands and the dashboard show in the same way: roles of text, coloured diffs, commands on several lines.

Everything here is a value or a pure function that knows neither Textual nor click. Only ``clawtui.cli``,
``clawtui.demo`` and ``clawtui.tui`` may import it.
"""
