"""CREATE TABLE … USING: what is said of it."""

from __future__ import annotations

from thanosql_kernel.wording import grammar
from thanosql_kernel.wording.text import Wording

NO_FILMS = Wording(
    "CREATE TABLE … USING embeds pictures, not videos",
    "CREATE TABLE … USING 문은 동영상이 아니라 사진을 임베딩합니다",
)
COPY_FILMS = Wording(
    "a table of videos: COPY … OPTIONS(media='video') FROM '{path}'",
    "동영상 테이블 만들기: COPY … OPTIONS(media='video') FROM '{path}'",
)


class TS103(grammar.TS103):
    """Endings that are none."""

    NO_ENDING = Wording(
        "file_type takes endings of names: ['.jpg', '.png']",
        "file_type에는 파일 이름의 확장자를 씁니다: ['.jpg', '.png']",
    )
