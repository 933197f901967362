"""What every journal does."""

import pytest

from binance_margin_async import JournalError
from binance_margin_async.errors import Outcome
from binance_margin_async.models.account import Isolated
from binance_margin_async.models.intents import Note


async def test_an_intent_comes_back_as_it_was_written(journal, make_intent):
    intent = make_intent(account=Isolated("BTCUSDT"), stamped_ms=1_767_571_200_123, parameters={"symbol": "币安USDT"})
    await journal.write(intent)

    assert intent == await journal.intent("bma-1")


async def test_an_unknown_id_is_no_intent(journal):
    assert await journal.intent("nobody") is None
    assert await journal.note("nothing") is None


async def test_open_intents_are_those_without_a_proved_outcome_oldest_first(journal, make_intent):
    """Promise P3: a restart has to settle exactly these."""
    first, second, third, fourth = (make_intent(f"bma-{number}") for number in range(4))
    await journal.write(first, second, third, fourth)
    unknown = third.decided(Outcome.UNKNOWN, "no reply", at_ms=2)
    await journal.write(unknown, second.decided(Outcome.ACCEPTED, "replied", at_ms=1, exchange_id=77))

    assert [first, unknown, fourth] == await journal.open_intents()
    assert (await journal.intent("bma-1")).exchange_id == 77


async def test_an_intent_that_is_written_again_keeps_its_place(journal, make_intent):
    await journal.write(make_intent("a"), make_intent("b"))
    await journal.write(make_intent("a").stamped(5))

    assert ["a", "b"] == [intent.id for intent in await journal.open_intents()]


async def test_a_note_of_the_same_name_takes_the_place_of_the_first(journal):
    await journal.write(Note("ban", "1"), Note("other", "x"))
    await journal.write(Note("ban", "2"))

    assert ("2", "x") == (await journal.note("ban"), await journal.note("other"))


async def test_only_what_was_decided_long_ago_is_forgotten(journal, make_intent):
    """An intent without an outcome is never forgotten, however old it is."""
    await journal.write(
        make_intent("open"),
        make_intent("unknown").decided(Outcome.UNKNOWN, "", at_ms=1),
        make_intent("old").decided(Outcome.REFUSED, "", at_ms=1),
        make_intent("new").decided(Outcome.REFUSED, "", at_ms=10),
    )

    assert await journal.forget(decided_before_ms=10) == 1
    assert await journal.intent("old") is None
    assert await journal.intent("new") is not None
    assert ["open", "unknown"] == [intent.id for intent in await journal.open_intents()]


async def test_a_journal_that_is_not_open_says_so(journal, make_intent):
    await journal.close()

    with pytest.raises(JournalError, match="not open"):
        await journal.write(make_intent())


async def test_a_journal_in_use_cannot_be_taken(journal):
    with pytest.raises(JournalError, match=r"open already|in use"):
        await journal.open()


async def test_what_was_written_is_there_after_closing_and_opening(journal, make_intent):
    await journal.write(make_intent(), Note("cursor", "9"))
    await journal.close()
    await journal.open()

    assert [make_intent()] == await journal.open_intents()
    assert await journal.note("cursor") == "9"
