"""What the programs in ``tools/`` say to those who run the demo."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

RUN_NOTEBOOK = Wording(
    "Run a notebook from top to bottom in the ThanoSQL kernel of this environment and keep what came out.",
    "이 환경의 ThanoSQL 커널에서 노트북을 처음부터 끝까지 실행하고 결과를 저장합니다.",
)
NOTEBOOK = Wording("the notebook", "노트북 파일")
WHERE_IT_RUNS = Wording(
    "where it runs; a temporary one unless given", "실행할 폴더. 지정하지 않으면 임시 폴더입니다"
)
PAGE = Wording("write an HTML page too", "HTML 페이지도 저장합니다")
IN_PLACE = Wording("write the outputs into the notebook itself", "결과를 원래 노트북에 저장합니다")
SAY_WHERE = Wording(
    "say where: --folder, or --in-place", "저장할 곳을 지정하십시오: --folder 또는 --in-place"
)
CELL_FAILED = Wording("a cell could not be run:\n{error}", "셀을 실행하지 못했습니다:\n{error}")
MAKE_SITE = Wording(
    "Build the documentation as a site that opens without a network.",
    "네트워크 없이 열리는 문서 사이트를 만듭니다.",
)
WHERE_IT_GOES = Wording("the folder of the site", "사이트를 만들 폴더")
NOT_SAFE = Wording(
    "{page}: a stored output holds {what}, which a page must not",
    "{page}: 저장된 출력에 페이지에 둘 수 없는 {what}이(가) 있습니다",
)
NOTHING_THERE = Wording(
    "{page} leads to {target}, which is not there", "{page}이(가) 가리키는 {target}이(가) 없습니다"
)
SITE_BUILT = Wording("The site: {page}", "사이트: {page}")
MAKE_FILM = Wording("Make short films of the sample photos.", "예제 사진으로 짧은 동영상을 만듭니다.")
WHERE_FILMS_GO = Wording(
    "where the photos are, or are fetched to; the films go into its folder films",
    "사진이 있거나 사진을 내려받을 폴더. 동영상은 그 안의 films 폴더에 저장합니다",
)
