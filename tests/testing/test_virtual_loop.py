"""The loop: jumping clock, deadlock, what has no place in virtual time."""

import asyncio
import random
import socket
import ssl
import threading

import pytest

from binance_margin_async.testing import Deadlock, VirtualLoop, run_virtual, virtual


def test_time_starts_at_zero_and_jumps_to_each_timer_exactly():
    """Tests compare times with ==; a clock that adds up timeouts would be off by rounding."""

    async def main():
        loop = asyncio.get_running_loop()
        times = [loop.time()]
        for _ in range(3):
            await asyncio.sleep(0.1)
            times.append(loop.time())
        await asyncio.sleep(30 * 86400)
        times.append(loop.time())
        return times

    assert [0.0, 0.1, 0.1 + 0.1, 0.1 + 0.1 + 0.1, 0.1 + 0.1 + 0.1 + 30 * 86400] == run_virtual(main())


def test_no_rounding_creeps_into_the_time():
    """A loop adds and subtracts its own time; whoever sleeps must not see that."""
    source = random.Random(1)
    delays = [source.uniform(0, 10**exponent) for exponent in range(-3, 6) for _ in range(50)]

    async def main():
        loop = asyncio.get_running_loop()
        for delay in delays:
            due = loop.time() + delay
            await asyncio.sleep(delay)
            assert due == loop.time()

    run_virtual(main())


def test_timers_still_fire_after_thirty_years():
    """A clock resolution too small beside the time would spin for ever."""

    async def main():
        await asyncio.sleep(30 * 365 * 86400)
        await asyncio.sleep(1e-6)
        return asyncio.get_running_loop().time()

    assert 30 * 365 * 86400 + 1e-6 == run_virtual(main())


def test_deadlock_names_the_task_and_its_innermost_line():
    """A program that hangs says where, instead of running into a time-out."""

    async def innermost():
        await asyncio.get_running_loop().create_future()  # waits for ever

    async def outer():
        await innermost()

    async def main():
        await asyncio.sleep(12.5)
        async with asyncio.TaskGroup() as group:
            group.create_task(outer(), name="reader of the risk stream")

    with pytest.raises(Deadlock) as caught:
        run_virtual(main(), seed=7)

    message = str(caught.value)
    assert "virtual time 12.5 s (seed 7)" in message
    assert "reader of the risk stream" in message
    assert "# waits for ever" in message


def test_deadlock_shows_the_connections():
    """A black hole is the usual reason to wait for ever."""

    async def main():
        loop = asyncio.get_running_loop()
        await loop.create_server(asyncio.Protocol, "stream.test", 80)
        reader, _ = await asyncio.open_connection("stream.test", 80)
        loop.network.connections()[0].black_hole(up=False)
        await reader.read()

    with pytest.raises(Deadlock, match=r"to stream\.test:80 .* down=<Link .* black_hole=True"):
        run_virtual(main())


def test_a_deadlocked_program_is_cancelled_and_cleans_up():
    """Its finally blocks run, as after Ctrl-C."""
    cleaned = []

    async def main():
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(1)
            cleaned.append(asyncio.get_running_loop().time())

    with pytest.raises(Deadlock):
        run_virtual(main())
    assert [1.0] == cleaned


@virtual
async def test_a_thread_is_refused_by_the_name_of_its_function():
    """A thread would take no virtual time, or all of it."""

    def read_file():
        pass

    with pytest.raises(RuntimeError, match=r"read_file.*threads have no place in virtual time"):
        await asyncio.to_thread(read_file)


@virtual
async def test_a_call_from_another_thread_is_refused():
    """Its place among the other callbacks would depend on the machine."""
    loop = asyncio.get_running_loop()
    refused = []

    def call():
        try:
            loop.call_soon_threadsafe(print)
        except RuntimeError as error:
            refused.append(str(error))

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    assert 1 == len(refused)
    assert "from another thread" in refused[0]


@virtual
async def test_any_name_resolves_to_itself():
    """No test may depend on a name server."""
    loop = asyncio.get_running_loop()
    stream, tcp = socket.SOCK_STREAM, socket.IPPROTO_TCP
    assert [(socket.AF_INET, stream, tcp, "", ("api.test", 80))] == await loop.getaddrinfo("api.test", 80)
    assert [(socket.AF_INET6, stream, tcp, "", ("::1", 80, 0, 0))] == await loop.getaddrinfo("::1", "80")
    assert ("api.test", "80") == await loop.getnameinfo(("api.test", 80))
    with pytest.raises(socket.gaierror, match="'http' is no port number"):
        await loop.getaddrinfo("api.test", "http")


@virtual
async def test_tls_and_real_sockets_are_refused_in_words():
    """Whoever forgets the scheme learns what to change."""
    loop = asyncio.get_running_loop()
    with pytest.raises(NotImplementedError, match="use http:// and ws://"):
        await loop.create_connection(asyncio.Protocol, "api.test", 443, ssl=ssl.create_default_context())
    with pytest.raises(NotImplementedError, match="use http:// and ws://"):
        await loop.create_server(asyncio.Protocol, "api.test", 443, ssl=ssl.create_default_context())
    with socket.socket() as real:
        with pytest.raises(NotImplementedError, match="is a real socket"):
            await loop.create_connection(asyncio.Protocol, sock=real)
        with pytest.raises(NotImplementedError, match="is a real socket"):
            await loop.create_server(asyncio.Protocol, sock=real)


def test_it_works_under_any_runner():
    """Users bring their own asyncio.Runner, and debug mode."""

    async def main():
        await asyncio.sleep(3600)
        return asyncio.get_running_loop()

    with asyncio.Runner(loop_factory=VirtualLoop, debug=True) as runner:
        loop = runner.run(main())
        assert 3600.0 == loop.time()
        assert loop.get_debug()
    assert loop.is_closed()


@virtual(seed=5)
async def test_its_random_source_is_seeded():
    """A test draws from it and is repeated by its seed."""
    assert random.Random(5).random() == asyncio.get_running_loop().rng.random()
