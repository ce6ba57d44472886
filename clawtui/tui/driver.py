"""The terminal, asked for no more than is used."""

from __future__ import annotations

from textual.drivers.linux_driver import LinuxDriver

_CLICKS_DRAGS_AND_WHEEL = ("\x1b[?1000{}", "\x1b[?1002{}", "\x1b[?1006{}")


class FrugalDriver(LinuxDriver):
    """Has the terminal report clicks, drags and the wheel, but not every motion: that alone was megabytes over SSH."""

    def _enable_mouse_support(self) -> None:
        self._set_mouse_modes("h")

    def _disable_mouse_support(self) -> None:
        self._set_mouse_modes("l")

    def _set_mouse_modes(self, switch: str) -> None:
        if self._mouse:
            for mode in _CLICKS_DRAGS_AND_WHEEL:
                self.write(mode.format(switch))
            self.flush()
