"""A terminal dashboard, command line and library for the automations of an AI gateway.

The map of the code, on one page. Each package's ``__init__`` says more.

**Layers.** A package imports only packages below it; import-linter checks this (``pyproject.toml``).

================  ==================================================================================================
``cli | demo``    the commands; a simulated gateway
``tui``           the dashboard: ``run`` → ``app`` → ``controllers`` → ``screens`` → ``dialogs`` → ``panes`` →
                  ``widgets`` → ``terminal``
``presentation``  what both faces share: roles of text, values in words, reports of a run, metrics
``roots``         several roots side by side, on this host and others: which they are, and a source for each
``remote``        roots on other hosts over ssh: commands there, the source of a dashboard here, and the agent there
``operations``    what an operator can do, once for both faces; ``evidence`` collects facts about processes and hosts,
                  and ``acts`` has the protocol of the acts on a root of any host
``live``          keeps one immutable `Fleet` equal to the files on disk
``storage``       reads and writes the design's files; a library by itself
``openclaw``      reads a stock gateway's database and files, and never writes
``files``         what every store needs: safe file access, JSON5, logs
``model``         values and pure functions: documents, liveness, runs, findings, search, text
================  ==================================================================================================

``storage`` and ``openclaw`` do not know each other. ``model`` touches no file and reads no clock; below ``cli`` and
``tui`` the time is a parameter.

**The way of a change.** A file changes → ``live.watching`` (watchfiles) reports its path, or ``live.reconciler``
finds it → ``live.route`` classifies the path → ``live.fleet_reader`` reads that one file or directory →
``live.fleet_builder`` makes the next `Fleet`, which shares everything else with the last → one message to the app →
``tui.screens.view_models`` makes view models from it → each pane repaints the cells that changed.

**The way of an act.** The operator presses a key → a pane posts a message → a controller (``tui.controllers``)
asks, in a dialog whose facts stay current → it runs an operation in a thread, for locks through
``operations.acts`` → the operation judges again, writes the audit, and changes a file (``storage``) → the change
reaches the screen as above. A command calls the same operation. The screen shows only what is on disk.
"""

__version__ = "0.1.0"
