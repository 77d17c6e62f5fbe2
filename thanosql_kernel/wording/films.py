"""Films: what is said of them."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

SEARCH_VIDEO = Wording(
    "The moments of films that are like a text or picture. Not run by this kernel.",
    "동영상에서 텍스트나 사진과 비슷한 순간을 찾습니다. 이 커널은 실행하지 않습니다.",
)
SEARCH_FRAMES = Wording(
    "SEARCH IMAGE looks among pictures: of a film, among frames saved as files",
    "SEARCH IMAGE는 사진에서 찾습니다. 동영상이라면 파일로 저장한 장면에서 찾습니다",
)
