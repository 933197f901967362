"""
Bad days by the thousand: rolled faults, a client with subscribers, and an oracle that knows everything.

``python tests/bad_days 0:1000 --jobs 2`` plays the seeds 0 to 999. In a program::

    from bad_days.player import play

    played = play(17)                # of a seed, or of a Schedule
    played.problems                  # what must not happen, and did: Problem(rule, text); empty is good
    played.fired                     # how often each kind of trouble struck
    played.digest                    # equal for two plays that went the same way

``python tests/bad_days 0:100 --bug no_repair`` plays a client with a planted bug, and ``--find no_repair`` looks for
days that find it and records them in ``planted.json``.

| module | what |
|---|---|
| ``schedule`` | what goes wrong and what is traded, as data, and rolled from a seed |
| ``player`` | plays one schedule and hands everything seen to the oracle |
| ``weather`` | makes network, clock and exchange misbehave |
| ``consumers`` | subscribers, good and bad |
| ``traders`` | orders of the client, and of another tool of the same user |
| ``witness`` | what the client sends, and what it was told |
| ``oracle`` | compares all that with the exchange's books |
| ``shrink`` | makes a schedule that fails as small as it can be |
| ``planted`` | bugs that have to be found, and which rules each breaks |
| ``search`` | looks for days that find them, and keeps a record |
"""
