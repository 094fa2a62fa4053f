"""A reader of Japanese and one of Korean walk through the real page: help, a topic, following, an error."""

from pathlib import Path

import pytest

from commands.wording import recalling
from tests.wires import PageWire, on_the_page

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
