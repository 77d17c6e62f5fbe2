"""Films: what is said of them."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

# -- why a film cannot be read ---------------------------------------------------------------------------------
NO_FILM = Wording("not a film", "동영상 파일이 아닙니다")
NO_INDEX = Wording(
    "a film that is damaged, or cut off before its contents are listed",
    "동영상 파일이 손상되었거나 색인 앞에서 끊겼습니다",
)
ONLY_SOUND = Wording("sound without pictures", "화면 없이 소리만 있습니다")
NO_PICTURES = Wording("no pictures in it", "화면이 없습니다")
UNKNOWN_CODEC = Wording("its pictures are coded in an unknown way", "화면의 코덱을 알 수 없습니다")
NO_FRAME = Wording("none of its pictures can be decoded", "화면을 하나도 읽을 수 없습니다")
BREAKS_OFF = Wording("breaks off at {at} of {length}", "{length} 중 {at}에서 끊겼습니다")
BREAKS = Wording("breaks off at {at}", "{at}에서 끊겼습니다")
DAMAGED_FRAMES = Wording("{count:,} of its frames cannot be decoded", "읽을 수 없는 프레임이 {count:,}개 있습니다")
