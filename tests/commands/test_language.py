"""The language in which somebody is answered: the platform's, or the one that they chose."""

from dataclasses import replace

from commands.model import Form
from scheduler.address import Person
from tests.office import CHANNEL, MANAGER, READER, Office, key_of

JAPANESE = replace(READER, person=Person("slack", "T1", "U2"), locale="ja-JP")
KOREAN = replace(READER, person=Person("discord", "", "7"), locale="ko")


async def languages(bot: Office, where: object) -> list[str]:
    async with bot.desk.store.reading() as tx:
        return [each.language for each in await bot.desk.subscriptions.all(tx) if each.destination == where]


async def test_the_platforms_language_is_spoken_until_another_is_chosen(bot: Office) -> None:
    assert await bot.text("/brief language", JAPANESE) == (
        "言語の設定\n\nアカウントまたはブラウザーの設定に従い、日本語でお答えしています。\n\n報告書の言葉は翻訳されません。"
    )
    assert await bot.text("/brief language ko", JAPANESE) == (
        "언어 설정\n\n이제부터 한국어로 답변합니다.\n\n보고서의 말은 번역하지 않습니다."
    )
    shown = await bot.reply("/brief language", JAPANESE)
    assert [action.label for action in shown.actions] == ["English", "日本語", "자동"]
    assert await bot.text("/brief topic demands", JAPANESE) == (
        "실행하지 못했습니다\n\n‘demands’ 토픽은 없습니다. 가장 가까운 것은 dprk-demands입니다."
        " /brief topics에서 전체 목록을 볼 수 있습니다."
    )
    back = await bot.click(key_of(shown, "자동"), JAPANESE)
    assert back.title == "言語の設定"
    assert JAPANESE.person not in bot.desk.languages


async def test_ones_own_reminders_are_written_in_it_and_a_channels_are_not(bot: Office) -> None:
    await bot.say("/brief follow treaty-signing", MANAGER)
    await bot.say("/brief-admin channel", MANAGER)
    chosen = await bot.text("/brief language ja", MANAGER)
    assert chosen.startswith(
        "言語の設定\n\nこれからは日本語でお答えします。\n\nあなた宛てのリマインダーもこの言語で届きます。"
    )
    assert await languages(bot, MANAGER.person.inbox) == ["ja"]
    assert await languages(bot, CHANNEL) == ["en"]
    await bot.say("/brief-admin channel language=ko", MANAGER)
    assert await languages(bot, CHANNEL) == ["ko"]
    await bot.say("/brief-admin channel hour=10:00", MANAGER)
    assert await languages(bot, CHANNEL) == ["ko"]


async def test_the_choice_is_forgotten_with_the_person(bot: Office) -> None:
    await bot.say("/brief language ko", READER)
    shown = await bot.reply("/brief forget-me", READER)
    assert "한국어" in await bot.text("/brief forget-me", READER)
    await bot.click(shown.actions[0].key, READER)
    assert bot.desk.languages == {}
    async with bot.desk.store.reading() as tx:
        assert await bot.desk.people.languages(tx) == {}


async def test_help_explains_in_the_readers_language_and_leaves_the_briefs_words(bot: Office) -> None:
    help_ = await bot.whole("/brief help", JAPANESE)
    assert "/brief topics: 報告書のトピックとそのコマンドを一覧します" in help_
    assert "/dprk-demands: What Pyongyang would ask of Washington" in help_
    assert (await bot.text("/brief help brief source", KOREAN)).startswith(
        "/brief source\n\n보고서에 실린 그대로의 단락과 그 출처를 보여 줍니다\n\n- passage: 단락 ID\n"
        "- brief: 어느 브리프인지(여러 개일 때) (선택 사항)"
    )


async def test_a_form_asks_in_the_readers_language(bot: Office) -> None:
    form = await bot.say("/brief show", KOREAN)
    assert isinstance(form, Form)
    assert (form.submit, form.cancel) == ("보내기", "취소")
    assert [(field.name, field.label, field.description) for field in form.fields[:1]] == [
        ("name", "이름", form.fields[0].description)
    ]
