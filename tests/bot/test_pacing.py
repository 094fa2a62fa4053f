"""The pacer against the peers' own counting of Discord's and Slack's limits, on a loop that skips its waits."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from discord.http import Route

from bot.discord_adapter.limits import GLOBAL, Limits
from bot.pacing import Budget, Pacer, Turn
from bot.slack_adapter import limits as slack
from tests.clocks import skipping
from tests.peers.discord_peer.rates import LimitedError, Rates
from tests.peers.slack_peer import rates as slack_rates
from tests.peers.slack_peer.clock import WallClock
from tests.peers.slack_peer.errors import ApiError

POST = "/channels/{channel_id}/messages"


@dataclass
class Discord:
    """Discord as far as its limits go, `way` seconds off in each direction."""

    way: Callable[[], float] = lambda: 0.0
    pacer: Pacer = field(default_factory=Pacer)
    limits: Limits = field(default_factory=Limits)
    arrived: list[float] = field(default_factory=list)
    refused: int = 0

    def __post_init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._rates = Rates(self.loop.time, enforced=True)

    async def post(self, channel: int, urgent: bool = False) -> float:
        """Send one message at the bot's pace; return when it was there."""
        route = Route("POST", POST, channel_id=channel)
        turn = await self.pacer.take(self.limits.of(route, self.loop.time()), urgent)
        began = self.loop.time()
        await asyncio.sleep(self.way())
        arrived = self.loop.time()
        headers, status = self._answer(channel)
        self.arrived.append(arrived)
        await asyncio.sleep(self.way())
        turn.end()
        self.pacer.trip.took(self.loop.time() - began)
        self.limits.learn(route, status, headers, self.loop.time())
        return arrived

    def _answer(self, channel: int) -> tuple[dict[str, str], int]:
        try:
            return self._rates.headers("POST", POST, str(channel)), 200
        except LimitedError as limited:
            self.refused += 1
            return limited.headers(), 429


def spread(delay: float) -> Callable[[], float]:
    """Half of a round trip, give or take a fifth."""
    dice = random.Random(7)
    return lambda: delay / 2 * dice.uniform(0.8, 1.2)


async def in_order(discord: Discord, channel: int, messages: int) -> None:
    for _ in range(messages):
        await discord.post(channel)


def fan_out(channels: int, messages: int, way: Callable[[], float]) -> tuple[float, int]:
    """Seconds from the first message to the last answer, and how many were refused."""

    async def run() -> tuple[float, int]:
        discord = Discord(way)
        await asyncio.gather(*(in_order(discord, channel, messages) for channel in range(channels)))
        return discord.loop.time() - discord.arrived[0], discord.refused

    return skipping(run)


def test_two_thousand_messages_take_hardly_longer_than_the_limits_make_them() -> None:
    seconds, refused = fan_out(500, 4, lambda: 0.0005)
    assert refused == 0
    assert seconds / 39 <= 1.03


def test_a_round_trip_that_varies_costs_little_and_draws_no_refusal() -> None:
    seconds, refused = fan_out(500, 4, spread(0.1))
    assert refused == 0
    assert seconds / 39 <= 1.08


def test_a_hot_channel_gets_its_five_messages_in_five_seconds() -> None:
    seconds, refused = fan_out(4, 15, lambda: 0.0005)
    assert refused == 0
    assert seconds / 10 <= 1.02


def test_a_hot_channel_far_off_draws_no_refusal() -> None:
    assert fan_out(4, 15, spread(0.1))[1] == 0


def test_a_persons_request_does_not_wait_behind_bulk() -> None:
    async def run() -> float:
        discord = Discord(spread(0.1))
        bulk = [asyncio.create_task(discord.post(channel)) for channel in range(500)]
        await asyncio.sleep(5.0)
        asked = discord.loop.time()
        waited = await discord.post(1000, urgent=True) - asked
        await asyncio.gather(*bulk)
        assert discord.refused == 0
        return waited

    assert skipping(run) < 0.25


def test_what_waits_for_a_busy_channel_holds_up_no_other() -> None:
    async def run() -> float:
        discord = Discord()
        hot = [asyncio.create_task(discord.post(1)) for _ in range(30)]
        await asyncio.sleep(0.5)
        asked = discord.loop.time()
        other = await discord.post(2)
        await asyncio.gather(*hot)
        return other - asked

    assert skipping(run) < 0.05


def test_limits_are_learned_from_answers() -> None:
    async def run() -> None:
        limits, route = Limits(), Route("POST", POST, channel_id=1)
        said = {
            "X-RateLimit-Bucket": "b", "X-RateLimit-Limit": "2", "X-RateLimit-Remaining": "1",
            "X-RateLimit-Reset-After": "8.000",
        }  # fmt: skip
        limits.learn(route, 200, said, 0.0)
        learned = limits.of(route, 0.0)[1]
        assert (learned.limit, learned.per) == (2, 8.0)
        limits.learn(
            route, 200, {**said, "X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "6.5"}, 1.5
        )
        assert 8.0 <= learned.opens(1.5, Pacer().trip, urgent=True) < 8.01
        # Another route that Discord names by the same bucket shares its budget at the same channel.
        edits = Route("PATCH", f"{POST}/{{message_id}}", channel_id=1, message_id=5)
        limits.learn(edits, 200, said, 0.0)
        assert limits.of(edits, 0.0)[1] is learned
        assert limits.of(Route("POST", POST, channel_id=2), 0.0)[1] is not learned

    skipping(run)


def test_a_refusal_closes_what_it_names_lowers_the_limit_and_is_forgotten_slowly() -> None:
    async def run() -> None:
        limits, route = Limits(), Route("POST", POST, channel_id=1)
        limits.refused(route, everywhere=True, shared=False, wait=3.0, now=10.0)
        trip = Pacer().trip
        assert limits.everywhere.limit == 40
        assert limits.everywhere.opens(10.0, trip, urgent=True) > 13.0
        assert limits.everywhere.opens(80.0, trip, urgent=True) == 80.0
        assert GLOBAL > limits.everywhere.limit > 40
        for minute in range(2, 12):
            limits.everywhere.opens(80.0 + 61.0 * minute, trip, urgent=True)
        assert limits.everywhere.limit == GLOBAL
        # What others did to a channel says nothing of our own limit there.
        limits.refused(route, everywhere=False, shared=True, wait=2.0, now=900.0)
        assert limits.of(route, 900.0)[1].limit == 5

    skipping(run)


def test_a_turn_that_is_given_back_or_cancelled_costs_nothing() -> None:
    async def run() -> None:
        pacer, budget = Pacer(), Budget(1, 60.0)
        async with pacer.turn((budget,)):
            waiting = asyncio.create_task(pacer.take((budget,)))
            await asyncio.sleep(0)
            assert pacer.waiting == 1
        second = await asyncio.wait_for(waiting, 1)
        third = asyncio.create_task(pacer.take((budget,)))
        await asyncio.sleep(0)
        third.cancel()
        await asyncio.gather(third, return_exceptions=True)
        assert pacer.waiting == 0
        second.end(used=False)
        second.end(used=True)
        granted = await asyncio.wait_for(pacer.take((budget,)), 1)
        assert isinstance(granted, Turn)

    skipping(run)


class LoopClock(WallClock):
    """Slack's clock, by the loop's time."""

    def now(self) -> float:
        """Seconds."""
        return asyncio.get_running_loop().time()


def test_slack_takes_a_message_a_second_in_a_channel_and_leaves_people_their_share_of_a_minute() -> None:
    async def run() -> tuple[float, float]:
        loop, pacer, limits = asyncio.get_running_loop(), Pacer(), slack.Limits()
        rates = slack_rates.Rates(LoopClock(), enforced=True)

        async def post(channel: str, urgent: bool = False) -> None:
            turn = await pacer.take(limits.of(slack.POST, channel, loop.time()), urgent)
            await asyncio.sleep(0.0005)
            try:
                rates.count_post(channel)
            except ApiError as refused:
                raise AssertionError(f"refused at {loop.time():.3f}") from refused
            finally:
                turn.end()

        async def told(channel: str) -> None:
            for _ in range(4):
                await post(channel)

        hot = loop.time()
        await told("hot")
        one_channel = loop.time() - hot
        crowd = [asyncio.create_task(told(f"C{number}")) for number in range(100)]
        await asyncio.sleep(30.0)
        asked = loop.time()
        await post("asked", urgent=True)
        waited = loop.time() - asked
        await asyncio.gather(*crowd)
        assert waited < 0.1
        return one_channel, loop.time() - hot

    one_channel, all_of_it = skipping(run)
    assert one_channel / 3 <= 1.03
    # The last of 405 messages fits once 300 lie a minute back: the crowd's second hundred went out in second 4.
    assert all_of_it / 64 <= 1.03


def test_processes_that_share_a_limit_keep_to_it_together_also_when_one_joins_or_leaves() -> None:
    async def run() -> list[float]:
        loop, rates = asyncio.get_running_loop(), Rates(asyncio.get_running_loop().time, enforced=True)
        crew = [Discord(spread(0.05)) for _ in range(2)]
        for each in crew:
            each._rates = rates
        first, second = crew
        first.limits.everywhere.share(1, loop.time(), fresh=True)
        bulk = [asyncio.create_task(first.post(channel)) for channel in range(1000)]
        await asyncio.sleep(3.0)
        joined = loop.time()
        second.limits.everywhere.share(2, joined, fresh=True)
        more = [asyncio.create_task(second.post(channel)) for channel in range(1000, 1300)]
        await asyncio.sleep(9.0)  # as late as a living process may hear of it
        assert second.arrived == []
        first.limits.everywhere.share(2, loop.time())
        await asyncio.sleep(8.0)
        assert 0 < len(second.arrived) < 25 * 8
        assert min(second.arrived) - joined > 11.0
        for task in more:
            task.cancel()
        first.limits.everywhere.share(1, loop.time())
        await asyncio.gather(*bulk)
        assert first.refused + second.refused == 0
        return sorted([*first.arrived, *second.arrived])

    arrived = skipping(run)
    assert len(arrived) > 1000
    # After the other one left, the whole limit is this one's again.
    assert sum(at > arrived[-1] - 1.0 for at in arrived) >= 45


def test_whoever_is_alone_waits_for_nobody_and_people_wait_for_no_bulk_to_be_shared() -> None:
    budget, trip = Budget(50, 1.0), Pacer().trip
    budget.share(2, 0.0, fresh=True)
    assert budget.opens(0.0, trip, urgent=False) == 11.0
    assert budget.opens(0.0, trip, urgent=True) == 0.0
    assert budget.bulk_waits(0.5)
    budget.share(1, 0.5, fresh=True)
    assert budget.opens(0.5, trip, urgent=False) == 0.5
    assert not budget.bulk_waits(0.5)


def test_the_time_in_which_a_message_is_made_ready_is_no_loss_and_draws_no_refusal() -> None:
    async def run() -> tuple[float, int]:
        discord, dice = Discord(), random.Random(3)

        async def composed(channel: int) -> None:
            for _ in range(4):
                route = Route("POST", POST, channel_id=channel)
                turn = await discord.pacer.take(discord.limits.of(route, discord.loop.time()), composes=True)
                # Whatever is made ready sooner than the ones before it waits for its place all the same.
                await asyncio.sleep(dice.uniform(0.05, 0.06) if len(discord.arrived) % 300 else 0.001)
                await turn.open()
                headers, status = discord._answer(channel)
                discord.arrived.append(discord.loop.time())
                turn.end()
                turn.answered(discord.loop.time())
                discord.limits.learn(route, status, headers, discord.loop.time())

        await asyncio.gather(*(composed(channel) for channel in range(500)))
        return discord.loop.time() - discord.arrived[0], discord.refused

    seconds, refused = skipping(run)
    assert refused == 0
    # Each of a second's places would otherwise be free a twentieth of a second too late: 1.05.
    assert seconds / 39 <= 1.03
