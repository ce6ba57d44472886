"""A fork server: start ``clawtui`` for the tests without starting an interpreter for it.

Starting an interpreter and importing the modules takes half a second of processor time, and the suite does it a
thousand times. Each process that runs tests therefore has one server (``python -m tests.forkserver``), which has
imported all modules, has one thread, and forks for each command. ``client.ServedPopen`` takes the place of
`subprocess.Popen` (`tests/conftest.py`) and asks the server where a test starts ``python -m clawtui`` itself.

What is started is a process like any other: a child of the process that runs the tests (``clone`` with CLONE_PARENT),
with its own command line, environment, directory, descriptors, session and terminal. Only what happens before the first
line of clawtui differs. Tests of that start an interpreter: mark them ``real_interpreter``. `request.can_be_served`
says what else needs one. pytest uses the server with ``--fork-server``, and not with ``--real-interpreters``.
"""
