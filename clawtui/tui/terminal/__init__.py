"""The terminal: adapted drivers and screens of Textual, output, colours, glyphs, and the end of the program.

Everything that depends on a private name of Textual is here. It is the lowest layer of the dashboard: every other
package of `clawtui.tui` may import it, and it imports only `clawtui.model`.
"""
