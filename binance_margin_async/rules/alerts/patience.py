"""How often a message is tried, and when somebody must know that it has not arrived. Times are seconds."""

# One attempt may take so long; then the service hangs, or is too slow for an alarm.
ATTEMPT_LIMIT = 7.0
# A message that waits for longer is told as undelivered, and the fall-back channel is told instead.
LATE_AFTER = 8.0
# Pauses before the second to the sixth attempt: five minutes in all.
PAUSES = (3.0, 10.0, 30.0, 77.0, 180.0)
# What may wait in a channel; then the oldest is given up.
MOST_WAITING = 200
