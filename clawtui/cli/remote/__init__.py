"""Commands on other hosts over ssh.

`run_there` runs one command on the host of a root, and `every_root` one for each root of the settings. `dashboards`
shows a root on another host, or the list of several roots; `unknown_acts` says which acts had no outcome when these
ended. `agent` is the hidden command that is started on the other host. Imported by `cli.main` and `cli.framework`.
"""
