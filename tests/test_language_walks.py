"""A reader of Japanese and one of Korean walk through the bot: help, a topic, a reminder, an error."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from babel.dates import format_date

from commands.wording import recalling
from tests.walking import Talks, awaited, pass_to
from tests.wires import ADMINS, OPENERS, PageWire, on_the_page

WALKS = {
    "ja": {
        "/brief language ja": "これからは日本語でお答えします。 あなた宛てのリマインダーもこの言語で届きます。",
        "/brief help": "使えるコマンド 報告書のトピック /dprk-demands: What Pyongyang would ask of Washington",
        "/dprk-demands": "当時の情報としてお読みください。 Kim would likely demand all of the following",
        "/brief show nichts": "「nichts」という章、提言、段落はありません。最も近いのは dialogue-photo です。",
        "/brief follow treaty-signing": "日付のお知らせは09:00（UTC）に届きます。",
        "/brief scorecard": "報告書の見通しは14件です: 的中: 1; 期日超過、結果未記録: 2; 未確定: 11。",
    },
    "ko": {
        "/brief language ko": "이제부터 한국어로 답변합니다. 본인의 알림도 이 언어로 보냅니다.",
        "/brief help": "쓸 수 있는 명령 보고서의 토픽 /dprk-demands: What Pyongyang would ask of Washington",
        "/dprk-demands": "당시까지 알려진 내용으로 읽으세요. Kim would likely demand all of the following",
        "/brief show nichts": "‘nichts’ 장, 제언 또는 단락은 없습니다. 가장 가까운 것은 dialogue-photo입니다.",
        "/brief follow treaty-signing": "날짜는 UTC 시간 09:00에 알립니다.",
        "/brief scorecard": "이 보고서의 전망은 14건입니다: 실현됨: 1; 날짜 지남, 결과 미기록: 2; 미결: 11.",
    },
}

NEAREST = {
    "ja": "「demands」というトピックはありません。最も近いのは dprk-demands です。"
    "/brief topics で一覧を表示します。",
    "ko": "‘demands’ 토픽은 없습니다. 가장 가까운 것은 dprk-demands입니다."
    " /brief topics에서 전체 목록을 볼 수 있습니다.",
}
CHOSEN = {"ja": "これからは日本語でお答えします。", "ko": "이제부터 한국어로 답변합니다."}
EXPLAINED = {
    "ja": "報告書のトピックとそのコマンドを一覧します",
    "ko": "보고서의 토픽과 그 명령을 보여 줍니다",
}
REMINDED = {
    "ja": "The talks: 7日後 この報告書は期限切れです（2024年12月6日に公開、その後の見直しなし、{age}日経過）。"
    "当時の情報としてお読みください。 {day}（7日後） 編集者注 · 補足 · {day} Set for the walk",
    "ko": "The talks: 7일 남음 이 보고서는 기한이 만료되었습니다(2024년 12월 6일 발행 후 검토 없음, {age}일 경과)."
    " 당시까지 알려진 내용으로 읽으세요. {day}(7일 남음) 편집자 주 · 보충 · {day} Set for the walk",
}
SHOWN_BELOW = {
    "ja": ["この注目日について", "/dprk-demands", "スヌーズ", "カレンダーに追加", "フォローをやめる"],
    "ko": ["이 주목일 자세히", "/dprk-demands", "다시 알림", "캘린더에 추가", "팔로우 취소"],
}
BACK = "You are answered in the language of your account or browser again: English."


@pytest.mark.parametrize("language", CHOSEN)
@pytest.mark.parametrize("platform", ["discord", "slack", "web"])
async def test_help_a_topic_a_reminder_and_an_error_come_in_the_language(
    platform: str, language: str, tmp_path: Path
) -> None:
    async with OPENERS[platform](tmp_path, admins=ADMINS, review="off") as wire:
        talks = await Talks.told(wire, tmp_path)
        assert CHOSEN[language] in (await wire.say(f"/brief language {language}")).text
        assert EXPLAINED[language] in (await wire.say("/brief help brief topics")).text
        whole = await wire.say("/brief help")
        assert "/dprk-demands: What Pyongyang would ask of Washington" in whole.text
        assert "recognition of its nuclear power status" in (await wire.say("/dprk-demands")).text
        assert NEAREST[language] in (await wire.say("/brief topic demands")).text

        await wire.say("/brief timezone UTC")
        await wire.say("/brief follow talks")
        pass_to(wire, talks.day - timedelta(days=7) + timedelta(hours=9))
        reminder = await awaited(wire.inbox, "The talks")
        age = (talks.day.date() - timedelta(days=7) - date(2024, 12, 6)).days
        said = REMINDED[language].format(day=format_date(talks.day, "long", locale=language), age=age)
        assert said in reminder.text
        assert reminder.buttons == SHOWN_BELOW[language]
        assert BACK in (await wire.say("/brief language auto")).text
        assert wire.unlawful() == []


@pytest.mark.parametrize("language", WALKS)
async def test_a_reader_walks_through_the_page_in_their_language(language: str, tmp_path: Path) -> None:
    async with on_the_page(tmp_path) as wire:
        assert isinstance(wire, PageWire)
        for line, said in WALKS[language].items():
            assert said in (await wire.say(line)).text
        for path in ("/", "/api/overview"):
            async with wire.session.get(wire.origin + path) as response:
                assert response.status == 200, await response.text()
        async with wire.session.get(wire.origin) as response:
            assert f'<html lang="{language}">' in await response.text()


@pytest.mark.parametrize("language", WALKS)
def test_a_reason_that_was_stored_in_english_is_said_in_the_language(language: str) -> None:
    said = recalling(language)("this person takes no direct messages from the bot; they can allow them in their"
                               " privacy settings and follow again")  # fmt: skip
    assert "this person" not in said
