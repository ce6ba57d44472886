"""Commands on other hosts over ssh.

`run_there` runs one command on the host of a root, and `every_root` one for each root of the settings. `all_roots`
shows the list of several roots, and `dashboard` a root on another host. `agent` is the hidden command that is started
there.
"""
