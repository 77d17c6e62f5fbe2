"""What is said about dual encoders: which to choose, how they are fed, and what is not offered."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

# -- models that can be had ----------------------------------------------------------------------------------
SIGLIP2 = Wording("SigLIP 2 B/32, 256 pixels", "구글의 SigLIP 2 B/32(256픽셀)")
SIGLIP2_B16 = Wording("SigLIP 2 B/16, 224 pixels", "구글의 SigLIP 2 B/16(224픽셀)")
SIGLIP2_SO400M = Wording("SigLIP 2 So400m/16, 384 pixels", "구글의 SigLIP 2 So400m/16(384픽셀)")
OWN = Wording("a model of your own", "직접 가져온 모델")
LANGUAGES_109 = Wording("109 languages, Korean among them", "한국어를 포함한 109개 언어")
OWN_LANGUAGES = Wording("those that it was taught", "모델이 배운 언어")
OWN_LICENCE = Wording("its authors'", "만든 이가 정한 라이선스")
FOR_OLD_NOTEBOOKS = Wording(
    "fast, for English and notebooks of the original", "빠름. 영어와 기존 ThanoSQL 노트북용"
)
FOR_ITS_TABLES = Wording(
    "tables that were made with it; for new ones take siglip2",
    "이 모델로 만든 테이블용. 새 테이블에는 siglip2를 쓰십시오",
)
FOR_KOREAN = Wording(
    "the first to try, for photos searched in Korean or English",
    "가장 먼저 써 볼 모델. 한국어와 영어로 찾는 사진용",
)
FOR_BETTER = Wording("finds more than siglip2, a third as fast", "siglip2보다 잘 찾고 속도는 3분의 1")
FOR_BEST = Wording("finds most; slow without a GPU", "가장 잘 찾음. GPU가 없으면 느림")
FOR_NO_NETWORK = Wording("no network, no download, fast", "네트워크와 내려받기 불필요, 빠름")
HEADINGS = (
    Wording("Model", "모델"),
    Wording("Choose it for", "용도"),
    Wording("Korean", "한국어"),
    Wording("English", "영어"),
    Wording("Download", "내려받는 크기"),
    Wording("Numbers a vector", "벡터의 차원"),
    Wording("Texts in; licence", "이해하는 언어; 라이선스"),
)
# -- pictures ------------------------------------------------------------------------------------------------
OWN_SHAPE = Wording("it takes pictures in a shape of their own", "사진마다 다른 모양을 입력으로 받습니다")
OWN_SIZES = Wording("pictures of sizes of their own", "사진마다 다른 크기")
OTHER_RESCALING = Wording("another scale of pixels than 0 to 1", "0에서 1이 아닌 픽셀 범위")
RECTANGLES = Wording("{width}x{height}, no square", "정사각형이 아닌 {width}x{height}")
LARGER_THAN_RESIZED = Wording(
    "{size} pixels of pictures that are resized to {resized}", "{resized}픽셀로 조정한 사진의 {size}픽셀"
)
OTHER_PIXELS = Wording("other pixels than its files say", "설정 파일의 내용과 다른 픽셀")
OTHER_LENGTHS = Wording(
    "the model's vectors of pictures have {pictures} numbers and those of texts {texts}",
    "이 모델이 만드는 사진 벡터({pictures}차원)와 텍스트 벡터({texts}차원)의 길이가 다릅니다",
)
OTHER_SIDE = Wording(
    "{size} pixels, while the weights take {side}", "{size}픽셀(가중치는 {side}픽셀을 입력으로 받습니다)"
)
