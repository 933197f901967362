"""What the canary knows, and how it looks."""

import logging
import re
import traceback

# Secrets are told by their longest unbroken stretches of letters and digits, whatever surrounds them; what has no
# stretch of this length is found by nobody who looks for it either.
_STRETCH = re.compile(r"[A-Za-z0-9]{12,}")
# Messages are cut, so the beginning of a stretch is enough: this much, or less where it is no word.
_SHORTEST, _SURE = 12, 24
# How often the locals of one line, or the events of one kind in a test, are looked at.
_LOOKS = 2
_PACKAGE = re.compile(r"/binance_margin_async/(?!sim/|testing/)")
# The libraries that the package hands secrets to.
_LIBRARIES = re.compile(r"/aiohttp/|/websockets/")


class Canary(logging.Handler):
    """Knows the secrets of this test, and what was found of them."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lasting = {}  # keys and secrets, which fixtures of a longer scope may hold on to
        self.passing = {}  # of this test
        self.found = []
        self.is_excused = False
        self.file = None  # of this test
        self._looks = {}

    def begin(self, file, *, is_excused):
        """Begin with another test; what was found since the last one's report is told with this one."""
        self.passing = {}
        self.file = file
        self.is_excused = is_excused

    def note(self, text, kind, *, lasting=False):
        """Look for *text* from now on."""
        known = self.lasting if lasting else self.passing
        for stretch in _STRETCH.findall(text):
            known.setdefault(stretch[:_SHORTEST], {})[stretch] = kind

    def look(self, text, where):
        """Search *text*."""
        if self.is_excused:
            return
        for stretch in _STRETCH.findall(text):
            start = stretch[:_SHORTEST]
            if start in self.passing or start in self.lasting:
                self._tell(stretch, text, where)

    def _tell(self, stretch, text, where):
        known = self.lasting.get(stretch[:_SHORTEST], {}) | self.passing.get(stretch[:_SHORTEST], {})
        kind = next((kind for secret, kind in known.items() if _is_of(stretch, secret)), None)
        if kind is not None:
            self.found.append(f"a {kind} in {where}: {text[:300]!r}")

    def emit(self, record):
        """Search a log record as a formatter would print it."""
        self.look(record.getMessage(), f"the log {record.name}")
        if record.exc_text:
            self.look(record.exc_text, f"a traceback in the log {record.name}")
        elif record.exc_info and record.exc_info[1] is not None:
            self.look("".join(traceback.format_exception(record.exc_info[1])), f"a traceback in the log {record.name}")

    def look_at_error(self, error):
        """Search an error: its text, its fields, its traceback, and now and then the locals along the way."""
        where = f"the error {type(error).__name__}"
        self.look(f"{error!s} {error!r} {vars(error)!r}", where)
        self.look("".join(traceback.format_exception(error)), f"{where}'s traceback")
        for frame, line in traceback.walk_tb(error.__traceback__):
            self.look_at_frame(frame, line, where, libraries_too=True)

    def look_at_frame(self, frame, line, where, *, libraries_too=False):
        """Search the locals of *frame*, if it is one of the package."""
        file = frame.f_code.co_filename
        is_ours = _PACKAGE.search(file) or (libraries_too and _LIBRARIES.search(file))
        if is_ours and self.is_new((where, frame.f_code, line)):
            for name, value in frame.f_locals.items():
                self.look(shown(value), f"{where}'s local {name} of {frame.f_code.co_qualname}, line {line}")

    def is_new(self, place, looks=_LOOKS):
        """Whether *place* was looked at less often than *looks*; counted."""
        seen = self._looks.get(place, 0)
        self._looks[place] = seen + 1
        return seen < looks


def _is_of(stretch, secret):
    if stretch.startswith(secret):
        return True
    return secret.startswith(stretch) and (len(stretch) >= _SURE or not stretch.isalpha())


def shown(value):
    """Return what a tool would show of *value*."""
    try:
        return repr(value)
    except Exception as failed:  # noqa: BLE001  # as tools that show locals do
        return f"<no repr: {type(failed).__name__}>"


CANARY = Canary()
