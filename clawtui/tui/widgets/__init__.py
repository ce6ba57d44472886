"""Lines as values, and the widgets that paint them: a view, a table, and the choices of a dialog.

A `LineView` is a widget around a `LineContent`, which makes the lines, and a `LinePainter`, which finds the cells that
changed. A `LineTable` is a view around `TableRows`, with a `TableLayout` for the columns and a `RowCursor`.
Panes, dialogs and screens may import this package; it imports `clawtui.model`, `clawtui.presentation` and
`clawtui.tui.terminal`, and knows no pane.
"""
