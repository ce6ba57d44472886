"""The liveness of the holder of a lock or a slot: the evidence, the verdict, and the consent that each requires.

``evidence`` has the facts, which ``clawtui.operations`` gathers. ``verdict`` and ``slot_verdict`` judge them, with
``process_evidence`` and ``session_evidence``; ``elsewhere`` adds the verdict of another host, and ``judging_pace``
decides when to judge again. ``consent`` and ``workspace_guard`` say what an operator must confirm. All of it is pure;
any module may import it.
"""
