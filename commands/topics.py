"""Topic commands, and the list of them."""

from collections.abc import Sequence

from briefs.marking import N_
from briefs.schema import Topic
from briefs.visible import Visible
from commands import choosing
from commands.desk import Desk
from commands.model import Call, Choice, Command, Handler, Option, Reply, UserError
from commands.views import report


def topic_handler(brief: str, id: str) -> Handler:  # the YAML's own word
    """Return the handler of a topic's own command."""

    async def answer(desk: Desk, call: Call) -> Reply:
        seen = choosing.readable(desk, call).get(brief)
        topic = next((part for part in seen.brief.topics if part.id == id), None) if seen else None
        if seen is None or topic is None:
            raise UserError(
                "/{command} is not there any more; /brief topics lists those there are.", command=call.command
            )
        return _reply(seen, topic, call)

    return answer


def _reply(seen: Visible, topic: Topic, call: Call) -> Reply:
    reply = report.topic(seen, topic, choosing.today(call), choosing.language(call))
    return reply.with_(visibility="public", actions=()) if choosing.is_share(call) else reply


async def answer_topic(desk: Desk, call: Call) -> Reply:
    """Answer with one topic of the report."""
    seen = choosing.chosen(desk, call)
    return _reply(seen, named(seen, str(call.options["name"])), call)


def named(seen: Visible, name: str) -> Topic:
    """Return the topic with this command or id; raise UserError with the nearest."""
    by_command = {topic.command: topic for topic in seen.brief.topics}
    found = by_command.get(name.removeprefix("/")) or choosing.part(seen.brief.topics, name)
    if found is None:
        raise UserError(
            "There is no topic “{name}”; the nearest is {near}. /brief topics lists them all.",
            name=name,
            near=choosing.nearest(name, list(by_command)),
        )
    return found


async def list_topics(desk: Desk, call: Call) -> Reply:
    """List the topics with their commands."""
    seen = choosing.chosen(desk, call)
    return report.topics(seen, choosing.today(call), choosing.language(call))


async def complete_topic(desk: Desk, call: Call, partial: str) -> Sequence[Choice]:
    """Suggest topics by command and description."""
    names = {
        topic.command: f"{topic.command}: {topic.description}"
        for seen in choosing.readable(desk, call).values()
        for topic in seen.brief.topics
    }
    return choosing.suggested(names, partial)


COMMANDS = (
    Command(
        "brief topics", N_("List the report's topics with their commands"), list_topics,
        (choosing.BRIEF,), quick=True, example="/brief topics",
    ),
    Command(
        "brief topic", N_("Answer with one topic of the report"), answer_topic,
        (Option("name", N_("The topic"), required=True, completes=complete_topic), choosing.BRIEF),
        quick=True, asks=True, example="/brief topic dprk-demands",
    ),
)  # fmt: skip
