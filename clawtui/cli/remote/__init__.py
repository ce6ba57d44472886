"""Commands on other hosts: the running of a command there, of one for all roots, and ``clawtui agent``."""
