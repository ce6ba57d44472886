"""The terminal itself: Textual's drivers and screens as they are adapted, output, colours, glyphs, and a clean end.

Everything that depends on a private name of Textual is here. It is the lowest layer of the dashboard: every other
package of `clawtui.tui` may import it, and it imports only `clawtui.model`.
"""
