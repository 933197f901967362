"""Each event of two connections once, whichever brings it first."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.rules.lifecycles.overlap import Overlap


def test_what_both_bring_is_news_once():
    """Promise W11."""
    overlap = Overlap()
    assert [True, False] == [overlap.is_news("old", "fill 1"), overlap.is_news("new", "fill 1")]
    assert [True, False] == [overlap.is_news("new", "fill 2"), overlap.is_news("old", "fill 2")]


def test_what_one_of_them_brings_twice_happened_twice():
    """Two equal transfers within a millisecond are two."""
    overlap = Overlap()
    told = [overlap.is_news(source, "transfer") for source in ("old", "old", "new", "new", "new")]
    assert [True, True, False, False, True] == told


def test_nothing_is_remembered_of_an_earlier_overlap():
    """The next one begins with other connections."""
    overlap = Overlap()
    overlap.is_news("old", "fill 1")
    overlap.clear()
    assert overlap.is_news("new", "fill 1")


def test_the_memory_is_bounded():
    """An overlap may last for hours; the second arrival of an event is only seconds away."""
    overlap = Overlap(capacity=2)
    for event in ("a", "b", "c"):
        assert overlap.is_news("old", event)
    assert [True, False] == [overlap.is_news("new", event) for event in ("a", "c")]


@given(st.lists(st.sampled_from("abc")), st.data())
def test_whatever_the_order_of_arrival_each_event_is_told_as_often_as_it_happened(happened, data):
    """Promise W11: two links, each in order, of any speed."""
    overlap, told, left = Overlap(), Counter(), {"old": list(happened), "new": list(happened)}
    while any(left.values()):
        source = data.draw(st.sampled_from([name for name, events in left.items() if events]))
        event = left[source].pop(0)
        if overlap.is_news(source, event):
            told[event] += 1
    assert Counter(happened) == told
