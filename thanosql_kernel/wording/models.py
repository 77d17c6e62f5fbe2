"""What is said about models: TS4xx."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording


class TS400(Code):
    """The model's weights cannot be loaded."""

    MEANING = Wording(
        "the model's weights cannot be loaded",
        "모델의 가중치를 불러올 수 없습니다",
    )
    NEEDS_PACKAGES = Wording(
        "{model} needs packages that are not installed ({packages})",
        "{model}에 필요한 패키지가 설치되어 있지 않습니다({packages})",
    )
    INSTALL_PACKAGES = Wording("run {command} in a terminal", "터미널에서 {command} 명령을 실행하십시오")
    TORCH_FAILS = Wording("PyTorch cannot be loaded: {reason}", "PyTorch를 불러올 수 없습니다: {reason}")
    REINSTALL_TORCH = Wording("install it again: {command}", "다음 명령으로 다시 설치하십시오: {command}")


class TS401(Code):
    """The column was made with other weights than the model has now."""

    MEANING = Wording(
        "the column was made with other weights than the model has now",
        "컬럼을 만든 가중치가 모델의 지금 가중치와 다릅니다",
    )


class TS402(Code):
    """No column of embeddings to search: CONVERT first."""

    MEANING = Wording(
        "no column of embeddings to search: CONVERT first",
        "검색할 임베딩 컬럼이 없습니다. 먼저 CONVERT가 필요합니다",
    )


class TS403(Code):
    """The model cannot do what was asked of it."""

    MEANING = Wording(
        "the model cannot do what was asked of it",
        "모델이 할 수 없는 일입니다",
    )
