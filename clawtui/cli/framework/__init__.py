"""The parts that all commands share: options, the root and the clock, printing, questions, errors and exit statuses.

Modules of ``clawtui.cli`` import it. It imports ``presentation`` and the layers below, and of the commands only
``cli.remote``, when a command is for a root on another host.
"""
