"""Options of older generations that are taken and do nothing."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

NO_EFFECT = Wording(
    "{name} has no effect: it is an option of earlier versions",
    "{name}은(는) 이전 버전의 옵션이며 아무 영향이 없습니다",
)
MAX_EPOCHS = Wording(
    "of earlier versions, which trained here: it has no effect",
    "여기서 학습하던 이전 버전의 옵션입니다. 아무 영향이 없습니다",
)
FILE_NAME = Wording(
    "of earlier versions, which wanted a column of names: it has no effect",
    "이름이 든 컬럼을 지정하던 이전 버전의 옵션입니다. 아무 영향이 없습니다",
)
