"""The encoding of short texts, as tables of photos hold them."""

from __future__ import annotations

import pytest

from thanosql_kernel.tabular import encodings

WORDS = {
    "cp949": "이름 주소 고양이 강아지 서울특별시 홍길동 제주도 여름휴가 사진첩 가격(원) 면적,100㎡ 설명 바다 산 하늘 음식"
    " 대한민국 전화번호 ㅋㅋㅋ “안녕” 그림… 생일잔치 부산광역시 김철수 결혼식 도서관 회의록 번호 날짜 제목",
    "cp932": "名前 住所 東京都 山田太郎 写真 カタカナ ひらがな 説明 北海道 さくら 海 猫の写真 電話番号 日付 タイトル ラーメン",
    "gb18030": "姓名 地址 北京市 照片 说明 城市 上海 日期 标题 数据 中国人民 图片路径 办公室 张伟 王芳 销售经理 网络管理员",
    "cp1252": "Größe café naïve Straße Müller São Málaga élève façade Ångström 5€ don’t señor Übung garçon Łódź? crème",
    "big5": "姓名 地址 臺北市 照片 說明 資料庫 網路管理 標題 編號 台灣大學 電子郵件 圖書館",
}


def guessed(text: str, encoding: str) -> encodings.Guess | None:
    return encodings.guess(b"\n".join(encodings.letters(text.encode(encoding, "ignore"))))


@pytest.mark.parametrize(
    ("encoding", "least"), [("cp949", 0.9), ("cp932", 0.9), ("gb18030", 0.75), ("cp1252", 0.9)]
)
def test_single_words_are_told_apart(encoding, least):
    words = [word for word in WORDS[encoding].split() if not word.encode(encoding, "ignore").isascii()]
    right = [word for word in words if (guess := guessed(word, encoding)) and guess.name == encoding]
    assert len(right) >= least * len(words), set(words) - set(right)


@pytest.mark.parametrize("encoding", WORDS)
def test_three_words_are_enough(encoding):
    words = WORDS[encoding].split()
    texts = [",".join(words[at : at + 3]) for at in range(0, len(words) - 2, 3)]
    wrong = [text for text in texts if (guess := guessed(text, encoding)) is None or guess.name != encoding]
    assert wrong == []


def test_a_guess_among_few_letters_names_the_other():
    guess = guessed("张", "gb18030")
    assert guess is None or guess.name == "gb18030" or guess.other is not None


@pytest.mark.parametrize("text", ["이름,나이\n홍길동,세살\n", "a,b\r\n1,2\r\n", "x\n가\n"])
@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_unicode_without_a_mark_is_seen(text, name):
    assert encodings.unicode_encoding(text.encode(name)) == name


@pytest.mark.parametrize(
    "content", [b"a,b\n1,\x00\n2,c\n", b"x,y\n1,a\x00b\n", b"\x00\x01\x02", b"", b"a,b\n"]
)
def test_zeros_in_a_plain_text_are_no_unicode(content):
    assert encodings.unicode_encoding(content) is None


@pytest.mark.parametrize(
    ("written", "name"),
    [("EUC-KR", "cp949"), ("shift_jis", "cp932"), ("gb2312", "gb18030"), ("latin1", "cp1252"), ("UTF8", "utf-8-sig"),
     ("koi8-r", "koi8-r"), ("eucc", None), ("punycode", None), ("rot13", None), ("", None)],
)  # fmt: skip
def test_names_of_encodings_are_known_as_people_write_them(written, name):
    assert encodings.known(written) == name
