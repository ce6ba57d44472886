"""The JSON documents of the state directory and of the operator, as frozen values.

One module for each kind of file in the design, on the base class in ``base``, which is a `msgspec.Struct` that is
checked (``clawtui.model.checked``); ``validation_text`` says why a file was refused. Reading and writing them is the
work of ``clawtui.files`` and ``clawtui.storage``. Any module may import it.
"""
