"""What ``doctor`` finds: contradictions between the files of a state directory, each as a `Finding`.

One module for each subject (slots, locks, runs, files, automations, dispatcher), called in order by ``examination``.
All are pure functions of a fleet and of a `FindingContext`, which ``clawtui.operations.doctor`` gathers. Both faces
may import the package.
"""
