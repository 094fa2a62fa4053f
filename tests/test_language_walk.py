"""A reader of Japanese and one of Korean on each platform, through its real wire."""

from pathlib import Path

import pytest

from tests.wires import ADMINS, OPENERS

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
QUOTED = "recognition of its nuclear power status"


# Not Slack over HTTP: the language is the same part of the bot behind both of Slack's wires.
@pytest.mark.parametrize("platform", ["discord", "slack", "web"])
async def test_whoever_chooses_a_language_is_answered_in_it(platform: str, tmp_path: Path) -> None:
    async with OPENERS[platform](tmp_path, admins=ADMINS, review="off") as wire:
        for language in ("ja", "ko"):
            assert CHOSEN[language] in (await wire.say(f"/brief language {language}")).text
            assert NEAREST[language] in (await wire.say("/brief topic demands")).text
            assert EXPLAINED[language] in (await wire.say("/brief help brief topics")).text
            whole = await wire.say("/brief help")
            assert "/dprk-demands: What Pyongyang would ask of Washington" in whole.text
            topic = await wire.say("/dprk-demands")
            assert QUOTED in topic.text
        back = await wire.say("/brief language auto")
        assert "You are answered in the language of your account or browser again: English." in back.text
        assert wire.unlawful() == []
