"""Pictures, tables and widgets in a notebook."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

#: Below pictures with similarities.
USUAL_FOR_TEXT = Wording(
    "with {model} the best picture usually has {low:.2f} to {high:.2f} if one fits the text, {least:.2f} to "
    "{most:.2f} if none does: similarities put pictures in an order, they do not say whether any fits",
    "{model} 모델의 유사도는 보통 텍스트에 맞는 사진이 있으면 가장 높은 값이 {low:.2f}~{high:.2f}, 없으면 "
    "{least:.2f}~{most:.2f}이며, 사진의 순서를 정할 뿐 맞는 사진이 있는지는 알려 주지 않습니다",
)
USUAL_FOR_IMAGE = Wording(
    "with {model} copies of a picture usually have {low:.2f} to {high:.2f}, pictures with nothing in common "
    "{least:.2f} to {most:.2f}: similarities put pictures in an order, they do not say whether any fits",
    "{model} 모델의 유사도는 보통 같은 사진의 사본이면 {low:.2f}~{high:.2f}, 공통점이 없는 사진이면 "
    "{least:.2f}~{most:.2f}이며, 사진의 순서를 정할 뿐 맞는 사진이 있는지는 알려 주지 않습니다",
)
