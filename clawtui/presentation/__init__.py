"""Presentation that the commands and the dashboard share, as values and pure functions.

`roles` has the meaning of text that each face turns into a style, `times`, `outlook` and `document_fields` turn values
into words, and `why_lines` a judgement. `run_page` and `timeline_svg` write reports, `prometheus` metrics. No module
knows Textual or click. ``clawtui.cli``, ``clawtui.demo`` and ``clawtui.tui`` may import the package.
"""
