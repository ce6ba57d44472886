"""The findings of ``doctor``: contradictions between the files of a state directory, each as a `Finding`.

One module for each subject (slots, locks, runs, sessions, files, clocks, automations, dispatcher), called in order by
``examination``. All are pure functions of a fleet and of a `FindingContext`, which ``clawtui.operations.doctor``
gathers. Any layer may import the package.
"""
