"""The panes of the dashboard, one package each, and the lines above and below them.

A pane gets a view model with `show` and the time with `tick`, makes lines from them, and posts a message for each
request of the operator. It reads no file and calls no operation. Dialogs, screens and controllers may import this
package; it imports `clawtui.model`, `clawtui.presentation`, `clawtui.tui.widgets` and `clawtui.tui.terminal`.
"""
