"""The dashboard, on Textual.

`run` shows one root in the terminal, and `run_roots` the list of several. `app` owns the live model, the dashboard and
the controllers, and `roots_app` is the same for the list. Below are layers, each of which may import only those after
it: `controllers` (operations and reading in the background), `screens`, `dialogs`, `panes`, `widgets`, `terminal`.
`base_app` is the base class of both apps, which reports failures.

A fleet comes from the live model as a message to the app, becomes view models in `screens.dashboard_view`, and each
pane paints the cells that differ. A key posts a message to the app or runs a command of `controllers.commands`.

Only `cli` and `demo` import this package.
"""
