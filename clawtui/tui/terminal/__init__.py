"""The terminal: adapted drivers and screens of Textual, output, colours, glyphs, and the end of the program.

`driver` and `served_driver` are Textual's drivers for a terminal and for a browser; `output` writes without waiting for
the terminal, and `guard` and `shutdown` restore it at the end. `screen_updates` sends frames: `screen_buffer` knows the
`cells` that the terminal shows, and `encoder` makes the shortest sequences with the `pen` of each. `escapes` has other
sequences, `themes` the colours, `glyphs` and `ascii_fallback` the characters, and `textual_private` the adapters of
Textual's private names.

Everything that depends on a private name of Textual is here. This is the lowest layer of the dashboard: every other
package of `clawtui.tui` may import it, and it imports only `clawtui.model`.
"""
