"""``python -m clawtui`` is ``clawtui``."""

from clawtui.cli.main import main

if __name__ == "__main__":
    main()
