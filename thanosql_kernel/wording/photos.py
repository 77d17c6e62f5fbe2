"""Why a picture cannot be read, and kinds of TIFF; what is said of all files stands in `data`."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

NO_PICTURE = Wording("not a picture", "사진 파일이 아닙니다")
TRUNCATED = Wording("truncated", "파일이 중간에 끊겼습니다")
TRUNCATED_TO = Wording(
    "truncated: only {percent} % of the picture is there",
    "파일이 중간에 끊겼습니다. 사진의 {percent} %만 남아 있습니다",
)
CORRUPT = Wording("corrupt", "파일이 손상되었습니다")
TOO_LARGE = Wording("too large: {width} x {height} pixels", "너무 큽니다: {width} x {height} 픽셀")
BOMB = Wording(
    "too large: an embedded picture is a decompression bomb",
    "너무 큽니다. 안에 든 사진의 압축이 비정상적으로 크게 풀립니다",
)
TOO_MANY_SCANS = Wording(
    "too costly: the JPEG is stored in more than 1000 passes",
    "너무 복잡합니다. JPEG이 1000번 넘게 나뉘어 저장되어 있습니다",
)
NO_PREVIEW = Wording("a {kind} without a preview picture", "미리보기 사진이 없는 {kind} 파일입니다")
NO_MEMORY = Wording("too large for this machine's memory", "이 컴퓨터의 메모리에 비해 너무 큽니다")
NEEDS = Wording("format needs {package}", "이 형식을 읽으려면 {package} 패키지가 필요합니다")
NEEDS_A_PACKAGE = Wording("format needs a missing package", "이 형식을 읽는 데 필요한 패키지가 없습니다")
OTHER_TIFF = Wording("this kind of TIFF is not supported: {kind}", "지원하지 않는 TIFF 형식입니다: {kind}")

# -- what of a picture is missing -------------------------------------------------------------------------------
LACKS_ROWS = Wording(
    "cut short: the last {percent} % of the picture are missing",
    "파일이 중간에 끊겨 사진의 뒷부분 {percent} %가 없습니다",
)
CUT_SHORT = Wording(
    "{things} was embedded though its file is cut short:",
    "{things}은(는) 파일이 중간에 끊긴 채로 임베딩했습니다:",
)
SEVERAL_CUT_SHORT = Wording(
    "{things} were embedded though their files are cut short:",
    "{things}은(는) 파일이 중간에 끊긴 채로 임베딩했습니다:",
)
SEARCHED_LACKS = Wording("{path}: {lacks}", "{path}: {lacks}")
LACKS_DETAIL = Wording("cut short: its end is missing", "파일이 중간에 끊겨 끝부분이 없습니다")

# -- kinds of TIFF -------------------------------------------------------------------------------------------
SAMPLES = Wording("{bits}-bit {colour}", "{bits}비트 {colour}")
SIGNED_SAMPLES = Wording("{bits}-bit signed {colour}", "{bits}비트 부호 있는 {colour}")
FLOATING_SAMPLES = Wording("{bits}-bit floating-point {colour}", "{bits}비트 부동 소수점 {colour}")
UNUSUAL_SAMPLES = Wording("{bits}-bit unusual {colour}", "{bits}비트 특수 {colour}")
IN_PLANES = Wording("{samples}, channel by channel", "{samples}, 채널별 저장")
PACKED = Wording("{samples}, packed as {packed}", "{samples}, {packed} 압축")
OTHER_COMPRESSION = Wording("compression {number}", "압축 방식 {number}")
INVERTED_GREY = Wording("grey (white is 0)", "회색조(흰색이 0)")
GREY = Wording("grey", "회색조")
PALETTE = Wording("palette", "팔레트")
OTHER_COLOUR = Wording("photometric {number}", "photometric 값 {number}")
