"""Numbers of things: ``3 rows``, ``3행``."""

from __future__ import annotations

from thanosql_kernel.wording.text import Said, Wording

#: By the English noun: one of it, several of it.
_NOUNS: dict[str, tuple[Wording, Wording]] = {
    noun: (Wording(f"{{count:,}} {noun}", korean), Wording(f"{{count:,}} {noun}s", korean))
    for noun, korean in {
        "row": "{count:,}행",
        "column": "컬럼 {count:,}개",
        "table": "테이블 {count:,}개",
        "model": "모델 {count:,}개",
        "view": "뷰 {count:,}개",
        "file": "파일 {count:,}개",
        "image file": "사진 파일 {count:,}개",
        "audio file": "오디오 파일 {count:,}개",
        "video file": "동영상 파일 {count:,}개",
        "other file": "다른 파일 {count:,}개",
        "name": "이름 {count:,}개",
        "picture": "사진 {count:,}장",
        "photo": "사진 {count:,}장",
        "burst": "연속 촬영 {count:,}번",
        "sound": "소리 {count:,}개",
        "video": "동영상 {count:,}개",
        "text": "텍스트 {count:,}개",
        "value": "값 {count:,}개",
        "package": "패키지 {count:,}개",
        "statement": "문장 {count:,}개",
    }.items()
}


def counted(count: int, noun: str) -> Said:
    """How many there are of something: ``1 row``, ``24,968 rows``.

    Args:
        count: How many.
        noun: In English, one of it, as `_NOUNS` has it.
    """
    return _NOUNS[noun][count != 1](count=count)
