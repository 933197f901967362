"""Exit codes: apart from what leads to them, because the command line starts with them and nothing else."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the command line ends with."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    """A wrong option, scenario or file."""
    CONFIG = 3
    """Settings or keys are missing, wrong or refused."""
    REFUSED = 4
    """The exchange declined."""
    UNKNOWN = 5
    """The exchange may or may not have acted."""
    LIMITED = 6
    """A request limit or a ban."""
    UNREACHABLE = 7
    INTERRUPTED = 130
    TERMINATED = 143
