"""What is said about models: TS4xx."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording

SEARCH_A_CONVERT = Wording("search the rows of a CONVERT", "CONVERT의 결과를 검색")
SEARCH_THIS_CONVERT = Wording(
    "search the rows of a CONVERT: AS ({conversion})",
    "CONVERT의 결과를 검색하십시오: AS ({conversion})",
)
INSERT_CONVERT = Wording("insert the CONVERT", "CONVERT 문 넣기")
RUN_FIRST = Wording("run first: {conversion}", "먼저 실행하십시오: {conversion}")
# -- models that can be had ----------------------------------------------------------------------------------
CLIP = Wording("OpenAI CLIP ViT-B/32", "OpenAI의 CLIP ViT-B/32")
MULTILINGUAL_CLIP = Wording(
    "CLIP ViT-B/32 whose text side reads 50 languages", "50개 언어를 읽는 CLIP ViT-B/32"
)
MINI = Wording(
    "the small model in this package: no network needed", "이 패키지에 들어 있는 작은 모델, 네트워크 불필요"
)
THIS_PACKAGE = Wording("this package", "이 패키지")
SAID_MULTILINGUAL_CLIP = Wording("multilingual CLIP", "다국어 CLIP")
ENGLISH = Wording("English", "영어")
LANGUAGES_50 = Wording("50+ languages, Korean among them", "한국어를 포함한 50개 이상의 언어")
LANGUAGES_16 = Wording("16 languages, Korean among them", "한국어를 포함한 16개 언어")
TWO_LICENCES = Wording("MIT (pictures), Apache-2.0 (text)", "MIT(사진), Apache-2.0(텍스트)")
RESEARCH_USE = Wording("research use (trained on Flickr8k captions)", "연구용(Flickr8k 사진 설명으로 학습)")
# -- weights -------------------------------------------------------------------------------------------------
FETCHING = Wording("fetching {model}, {size} MB", "{model} 가중치 {size} MB 내려받기")
MINI_STANDS_IN = Wording(
    "{model}: {problem}, so the embedded model mini stands in; to use {people}: {remedy}, then CONVERT again",
    "{model} 모델 대신 내장 모델 mini를 사용합니다: {problem}. {people} 모델을 사용하려면 다음과 같이 하십시오: "
    "{remedy}. 그다음 CONVERT 문을 다시 실행하십시오",
)
PREPARING = Wording(
    "finding the fastest way to run {model}: {done}/{total}",
    "{model} 모델을 가장 빠르게 실행하는 방법 찾는 중: {done}/{total}",
)
INT8_LOSS = Wording(
    "{model} runs on 8-bit integers, with vectors of their own; of the first {count} pictures, their cosines with the "
    "exact vectors are {mean} on average, {least} at least",
    "{model} 모델을 8비트 정수로 실행하며 이때 벡터는 별개의 것입니다. 처음 사진 {count}장에서 원래 벡터와의 "
    "코사인 유사도는 평균 {mean}, 최소 {least}입니다",
)
#: Scripts that models are seldom taught, by their names in Unicode.
SCRIPTS = {
    "GREEK": Wording("Greek", "그리스 문자"),
    "HEBREW": Wording("Hebrew", "히브리 문자"),
    "ARMENIAN": Wording("Armenian", "아르메니아 문자"),
    "GEORGIAN": Wording("Georgian", "조지아 문자"),
    "ETHIOPIC": Wording("Ethiopic", "에티오피아 문자"),
    "DEVANAGARI": Wording("Devanagari", "데바나가리 문자"),
    "BENGALI": Wording("Bengali", "벵골 문자"),
    "GURMUKHI": Wording("Gurmukhi", "구르무키 문자"),
    "GUJARATI": Wording("Gujarati", "구자라트 문자"),
    "TAMIL": Wording("Tamil", "타밀 문자"),
    "TELUGU": Wording("Telugu", "텔루구 문자"),
    "KANNADA": Wording("Kannada", "칸나다 문자"),
    "MALAYALAM": Wording("Malayalam", "말라얄람 문자"),
    "SINHALA": Wording("Sinhala", "싱할라 문자"),
    "KHMER": Wording("Khmer", "크메르 문자"),
    "LAO": Wording("Lao", "라오 문자"),
    "MYANMAR": Wording("Myanmar", "미얀마 문자"),
    "TIBETAN": Wording("Tibetan", "티베트 문자"),
    "MONGOLIAN": Wording("Mongolian", "몽골 문자"),
}
OTHER_SCRIPT = Wording("{name}", "{name} 문자")


class TS400(Code):
    """The model's weights cannot be loaded."""

    MEANING = Wording(
        "the model's weights cannot be loaded",
        "모델의 가중치를 불러올 수 없습니다",
    )
    OF_MODEL = Wording("{model}: {problem}", "{model} 모델: {problem}")
    OR_SET_FOLDER = Wording(
        "{remedy}, or set {variable} to a folder that holds them",
        "{remedy}. 또는 {variable} 환경 변수에 가중치가 있는 폴더를 지정하십시오",
    )
    OTHER_KERNEL = Wording(
        "{model} was made by another version of this kernel: no kind of model {kind}",
        "{model} 모델은 다른 버전의 커널이 등록한 것입니다. 이 커널에 없는 모델 종류: {kind}",
    )
    GET_AGAIN = Wording(
        "DELETE MODEL {model}, then GET THANOSQL MODEL again",
        "DELETE MODEL {model} 문을 실행한 다음 GET THANOSQL MODEL 문을 다시 실행하십시오",
    )
    OTHER_FAMILY = Wording(
        "{folder} holds a {kind}, not {wanted}", "{folder} 폴더의 모델은 {kind}이며 {wanted}이(가) 아닙니다"
    )
    UPLOAD_INSTEAD = Wording(
        "unset {variable}, and give the model a name of its own: UPLOAD MODEL … FROM '{folder}'",
        "{variable} 환경 변수를 지우고 따로 이름을 붙여 등록하십시오: UPLOAD MODEL … FROM '{folder}'",
    )
    CANNOT_LOAD = Wording(
        "the weights in {folder} cannot be loaded: {reason}",
        "{folder} 폴더의 가중치를 불러올 수 없습니다 ({reason})",
    )
    COPY_AGAIN = Wording(
        "copy or save the model's folder again", "모델 폴더를 다시 복사하거나 다시 저장하십시오"
    )
    LACKING = Wording(
        "the weights in {folder} lack {count} of the model's matrices, {name} among them",
        "{folder} 폴더의 가중치에 모델의 행렬 {count}개가 없습니다(예: {name})",
    )
    INT8_NEEDS = Wording(
        "8-bit integers, which THANOSQL_PRECISION asks for, need a package: openvino",
        "THANOSQL_PRECISION 환경 변수로 지정한 8비트 정수 실행에는 openvino 패키지가 필요합니다",
    )
    NO_INT8 = Wording(
        "a {family} cannot be run on 8-bit integers, which THANOSQL_PRECISION asks for",
        "{family} 모델은 THANOSQL_PRECISION 환경 변수로 지정한 8비트 정수로 실행할 수 없습니다",
    )
    OTHER_PRECISION = Wording(
        "THANOSQL_PRECISION may be int8, not {given}",
        "THANOSQL_PRECISION 환경 변수의 값으로는 int8만 쓸 수 있습니다(현재 값: {given})",
    )
    UNSET_PRECISION = Wording("unset THANOSQL_PRECISION", "THANOSQL_PRECISION 환경 변수를 지우십시오")
    NO_IMAGE_TOWER = Wording("the folder holds no image tower", "폴더에 사진을 임베딩하는 모델이 없습니다")
    GIVE_CLIP_FOLDER = Wording("give a CLIP folder", "CLIP 모델의 폴더를 지정하십시오")
    OTHER_RESIZING = Wording(
        "this model wants its pictures resized in a way the kernel does not: {reason}",
        "이 모델이 요구하는 사진 크기 조정을 커널이 지원하지 않습니다: {reason}",
    )
    SQUARE_PICTURES = Wording(
        "use a model that takes squares, such as google/siglip2-base-patch32-256",
        "google/siglip2-base-patch32-256과 같이 사진을 정사각형으로 맞추는 모델을 사용하십시오",
    )
    NO_FOLDER = Wording("there is no folder {folder}", "{folder} 폴더가 없습니다")
    SAVED_FOLDER = Wording(
        "give a folder that sentence-transformers saved",
        "sentence-transformers로 저장한 폴더를 지정하십시오",
    )
    UNREADABLE = Wording(
        "{file} in {folder} cannot be read", "{folder} 폴더의 {file} 파일을 읽을 수 없습니다"
    )
    NO_MODULES = Wording(
        "modules.json in {folder} lists no modules", "{folder} 폴더의 modules.json에 모듈이 없습니다"
    )
    NO_LIST_OF_MODULES = Wording(
        "modules.json in {folder} is not a list of modules",
        "{folder} 폴더의 modules.json이 모듈 목록이 아닙니다",
    )
    OUTSIDE = Wording(
        "modules.json in {folder} points outside the folder: {path}",
        "{folder} 폴더의 modules.json이 폴더 밖을 가리킵니다: {path}",
    )
    ADAPTER = Wording(
        "{folder} holds an adapter, not a whole model",
        "{folder} 폴더에 있는 것은 모델 전체가 아니라 어댑터입니다",
    )
    MERGE_ADAPTER = Wording(
        "merge it into its base model and save that", "어댑터를 기본 모델과 병합하여 저장하십시오"
    )
    LACKS_FILE = Wording("{folder} has no {file}", "{folder} 폴더에 {file} 파일이 없습니다")
    NO_MODEL_TYPE = Wording(
        "{file} in {folder} does not say its model_type",
        "{folder} 폴더의 {file} 파일에 model_type이 없습니다",
    )
    NO_TOKENIZER = Wording("{folder} has no tokenizer", "{folder} 폴더에 토크나이저가 없습니다")
    NO_WEIGHTS_LISTED = Wording(
        "{file} in {folder} lists no weights", "{folder} 폴더의 {file} 파일에 가중치 목록이 없습니다"
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
    OTHER_MAKER = Wording(
        "column {column} was made by {made}, not by {model}",
        "{column} 컬럼은 {model} 모델이 아니라 {made} 모델로 만든 것입니다",
    )
    OTHER_WEIGHTS = Wording(
        "column {column} was made with {made}, but {model} is {weights} now",
        "{column} 컬럼은 {made} 가중치로 만든 것인데 {model} 모델의 지금 가중치는 {weights}입니다",
    )
    OTHER_FROZEN = Wording(
        "{base} was trained on vectors of other weights than {model} has now",
        "{base} 모델이 학습한 벡터의 가중치와 {model} 모델의 지금 가중치가 다릅니다",
    )
    RUN_AGAIN = Wording("run again: {conversion}", "다시 실행하십시오: {conversion}")
    OTHER_VECTORS = Wording(
        "column {column} holds vectors of {stored}, not of {given}",
        "{column} 컬럼의 벡터는 {given} 가중치가 아니라 {stored} 가중치로 만든 것입니다",
    )
    OTHER_VIEWS = Wording(
        "the vectors of column {column} are made of {stored} views of each picture, those given of {given}",
        "{column} 컬럼의 벡터는 사진마다 뷰 {stored}개로 만든 것이고, 넣으려는 벡터는 {given}개로 만든 것입니다",
    )
    CONVERT_NEW = Wording(
        "run CONVERT USING {model} over the new rows", "새 행에 CONVERT USING {model} 문을 실행하십시오"
    )


class TS402(Code):
    """No column of embeddings to search: CONVERT first."""

    MEANING = Wording(
        "no column of embeddings to search: CONVERT first",
        "검색할 임베딩 컬럼이 없습니다. 먼저 CONVERT가 필요합니다",
    )
    SEVERAL_COLUMNS = Wording(
        "{model} made several columns here: {names}",
        "{model} 모델로 만든 컬럼이 여러 개 있습니다: {names}",
    )
    CHOOSE = Wording(
        "choose: OPTIONS(emb_col='{column}')",
        "하나를 선택하십시오: OPTIONS(emb_col='{column}')",
    )
    LEFT_OUT = Wording(
        "the query leaves out {column}, the vectors of {model}",
        "쿼리에 {model} 모델의 벡터가 있는 {column} 컬럼이 빠져 있습니다",
    )
    SELECT_TOO = Wording("select {column} too", "{column} 컬럼도 선택하십시오")
    NOTHING_CONVERTED = Wording(
        "nothing here was converted with {model}",
        "여기에는 {model} 모델로 변환한 것이 없습니다",
    )
    NO_VECTORS = Wording("the query has no vectors of pictures", "쿼리에 사진의 벡터가 없습니다")
    SEVERAL_VECTORS = Wording(
        "there are several columns of vectors: {names}", "벡터 컬럼이 여러 개 있습니다: {names}"
    )


class TS403(Code):
    """The model cannot do what was asked of it."""

    MEANING = Wording(
        "the model cannot do what was asked of it",
        "모델이 할 수 없는 일입니다",
    )
    CANNOT_READ = Wording("{model} cannot read {unread}", "{model} 모델이 읽지 못합니다: {unread}")
    NOTHING_OF_TEXT = Wording(
        "{model} makes nothing of this text",
        "이 텍스트로는 {model} 모델이 벡터를 만들 수 없습니다",
    )
    NOTHING_OF_IMAGE = Wording(
        "{model} makes nothing of this image",
        "이 사진으로는 {model} 모델이 벡터를 만들 수 없습니다",
    )
    USE_KNOWN_LANGUAGE = Wording(
        "say it in words of a language that the model was taught, English for one",
        "모델이 배운 언어의 단어로 쓰십시오(예: 영어)",
    )
    CANNOT_EMBED = Wording(
        "{model} cannot embed {things}", "{model} 모델은 {things}을(를) 임베딩할 수 없습니다"
    )
    IMAGES = Wording("images", "사진")
    TEXTS = Wording("texts", "텍스트")
    IT_IS = Wording("it is {summary}", "모델 설명: {summary}")
    NO_PICTURES = Wording(
        "{folder} holds a {kind} model, which does not embed pictures and texts into one space",
        "{folder} 폴더의 {kind} 모델은 사진과 텍스트를 한 공간에 임베딩하지 않습니다",
    )
    NOT_OFFERED = Wording(
        "{folder} holds a {kind} model, which is not supported: {reason}",
        "{folder} 폴더의 {kind} 모델은 지원하지 않습니다: {reason}",
    )
    UPLOAD_DUAL = Wording(
        "give a model of one of these kinds: {families}", "다음 종류의 모델을 지정하십시오: {families}"
    )
    NO_RELEVANCE = Wording(
        "{model} gives no relevance: it was trained to order pictures, and no cosine of it says that one fits",
        "{model} 모델에는 관련도가 없습니다. 순서를 정하도록 학습한 모델이어서 코사인 값만으로는 맞는지 알 수 없습니다",
    )
    USE_SIGLIP = Wording(
        "SigLIP models give one, siglip2 for instance; without relevance the order is as good",
        "관련도는 siglip2와 같은 SigLIP 모델에 있습니다. relevance 없이도 순서는 그대로입니다",
    )
