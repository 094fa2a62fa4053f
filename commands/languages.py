"""The language in which somebody is answered, and in which their own messages are written."""

from dataclasses import replace

from briefs.marking import N_
from commands import choosing
from commands.desk import Desk
from commands.model import Action, Call, Choice, Command, Option, Press, Prose, Reply, text
from commands.wording import LANGUAGES, speaking

AUTOMATIC = "auto"
# Each language in its own words, so that whoever cannot read the others finds it.
NAMES = {"en": "English", "ja": "日本語", "ko": "한국어"}
CHOICES = tuple(Choice(NAMES[each], each) for each in LANGUAGES)


async def language(desk: Desk, call: Call) -> Reply:
    """Show or set the language in which you are answered."""
    wanted = call.options.get("language")
    if wanted is None:
        return _shown(call)
    chosen = None if wanted == AUTOMATIC else str(wanted)
    # A browser's own choice goes before what is stored, until this command says otherwise.
    call = replace(call, caller=replace(call.caller, language=chosen))
    moved = await _move(desk, call, chosen)
    _ = speaking(choosing.language(call))
    name = NAMES[choosing.language(call)]
    said = _("You are answered in {language} from now on.")
    if chosen is None:
        said = _("You are answered in the language of your account or browser again: {language}.")
    blocks = [Prose(text(said.format(language=name)))]
    if moved:
        blocks.append(Prose(text(_("Your own reminders are written in it too."))))
    blocks.append(_untranslated(call))
    return Reply(_("Your language"), tuple(blocks))


def _shown(call: Call) -> Reply:
    _ = speaking(choosing.language(call))
    name = NAMES[choosing.language(call)]
    said = _("You are answered in {language}, as your account or browser says.")
    if call.caller.language:
        said = _("You are answered in {language}, as you chose.")
    others = tuple(
        Action(each.label, Press("open", "brief language", (("language", each.value),)))
        for each in CHOICES
        if each.label != name
    )
    if call.caller.language:
        others += (Action(_("Automatic"), Press("open", "brief language", (("language", AUTOMATIC),))),)
    return Reply(
        _("Your language"), (Prose(text(said.format(language=name))), _untranslated(call)), actions=others
    )


def _untranslated(call: Call) -> Prose:
    _ = speaking(choosing.language(call))
    return Prose(text(_("The report's own words are never translated.")))


async def _move(desk: Desk, call: Call, chosen: str | None) -> int:
    """Store the choice; the caller's own subscriptions are written in it. Those of channels keep theirs."""
    new = choosing.language(call)
    async with desk.store.transaction() as tx:
        await desk.people.set_language(tx, call.caller.person, chosen)
        inbox = await desk.subscriptions.at(tx, call.caller.person.inbox)
        for each in inbox:
            await desk.subscriptions.change(tx, replace(each, language=new))
    if chosen is None:
        desk.languages.pop(call.caller.person, None)
    else:
        desk.languages[call.caller.person] = chosen
    return len(inbox)


# Set by whoever manages a channel, or left to the language of whoever sets it up.
LANGUAGE = Option("language", N_("The language of its messages"), "choice", choices=CHOICES)
COMMANDS = (
    Command(
        "brief language", N_("Show or set the language in which you are answered"), language,
        (Option(
            "language", N_("Your language; automatic follows your account or browser"), "choice",
            choices=(*CHOICES, Choice(N_("Automatic"), AUTOMATIC)),
        ),),
        example="/brief language ja",
    ),
)  # fmt: skip
