"""Models that are trained here: what is said of them."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording

# -- what they can be built of
SIMCLR = Wording(
    "pictures by pictures: learns which pictures are alike whatever their crop, colours and mirroring",
    "사진으로 사진 찾기: 잘린 위치, 색, 좌우와 관계없이 비슷한 사진을 학습합니다",
)
COLOR_DESCRIPTOR = Wording(
    "pictures by their colours: histograms in L*a*b*, nothing is trained",
    "색으로 사진 찾기: L*a*b* 색 히스토그램이며 학습이 필요 없습니다",
)
NO_TEXTS = Wording("pictures alone, no texts", "텍스트 없이 사진만")
FOR_COLOURS = Wording("pictures of like colours, whatever they show", "내용과 관계없이 색이 비슷한 사진")
SBERT = Wording(
    "texts by texts: learns which parts belong to one text",
    "텍스트로 텍스트 찾기: 한 텍스트에 속한 부분들을 학습합니다",
)
IMAGE_CLASSIFIER = Wording("labels of pictures", "사진의 레이블")
TEXT_CLASSIFIER = Wording("labels of texts", "텍스트의 레이블")
TRAINED_ON = Wording("{base}, trained here on vectors of {model}", "{model} 벡터로 여기서 학습한 {base}")
TRAIN_AGAIN = Wording(
    "train it again: BUILD MODEL … OPTIONS(overwrite=True)",
    "다시 학습하십시오: BUILD MODEL … OPTIONS(overwrite=True)",
)

# -- BUILD MODEL and FIT MODEL
BUILD_MODEL = Wording(
    "Train a model on rows: of pictures or texts that are to be found by others, of labels, or of pictures with their "
    "texts. It is a small head on the vectors of a model that is on this machine, which are kept, so it takes seconds. "
    "Rows held out tell when to stop and how good it is, before and after. FIT MODEL goes on from a model that was "
    "trained here.",
    "행으로 모델을 학습합니다: 비슷한 사진이나 텍스트를 찾는 모델, 레이블을 붙이는 모델, 텍스트로 사진을 찾는 모델. "
    "이 컴퓨터에 있는 모델의 벡터(저장해 두고 다시 씁니다) 위에 작은 층을 학습하므로 몇 초면 됩니다. 따로 떼어 둔 "
    "행으로 멈출 때를 정하고 학습 전후의 점수를 잽니다. FIT MODEL은 여기서 학습한 모델을 이어서 학습합니다.",
)
LABEL_COL = Wording("column with the labels", "레이블이 있는 컬럼")
VECTORS_OF = Wording(
    "the model on whose vectors it is trained; without it for pictures the best on this machine, for texts mini",
    "어떤 모델의 벡터로 학습할지. 없으면 사진은 이 컴퓨터에 있는 가장 좋은 모델, 텍스트는 mini",
)
NO_EFFECT = Wording(
    "of the old service's networks; no effect: training ends where rows held out gain no more",
    "이전 서비스의 신경망에 쓰던 옵션. 효과가 없습니다: 떼어 둔 행의 점수가 더 오르지 않으면 학습이 끝납니다",
)
OPTIONS_WITHOUT_EFFECT = Wording(
    "no effect here: {names}. A head on kept vectors is trained until rows held out gain no more",
    "여기서는 효과가 없는 옵션: {names}. 저장된 벡터 위의 층을 떼어 둔 행의 점수가 더 오르지 않을 때까지 학습합니다",
)
BUILT = Wording("model {model} is ready", "{model} 모델이 준비되었습니다")
REPLACES_LABELS = Wording(
    "a {what} on vectors of {model} that tells {labels} labels apart, trained on {rows}",
    "{model} 벡터 위의 {what}. 레이블 {labels}개를 구별하며 {rows}으로 학습했습니다",
)
REPLACES_VECTORS = Wording(
    "a linear map of vectors of {model}, trained on {rows}",
    "{model} 벡터의 선형 변환. {rows}으로 학습했습니다",
)
LOGISTIC = Wording("logistic regression", "로지스틱 회귀")
NAMED = Wording("logistic regression beside the labels' names", "레이블의 이름을 함께 보는 로지스틱 회귀")
NETWORK = Wording("network with one hidden layer", "은닉층이 하나인 신경망")
ONE_LABEL = Wording("constant", "상수")
NOTHING_TRAINED = Wording(
    "histograms of colours: there is nothing to train", "색 히스토그램이므로 학습할 것이 없습니다"
)
BALANCED = Wording("accuracy, mean of the labels", "정확도(레이블별 평균)")
SAME_PICTURE = Wording(
    "another view of the picture found first", "같은 사진의 다른 모습을 첫 번째로 찾은 비율"
)
SAME_TEXT = Wording(
    "the other part of the text found first", "같은 텍스트의 나머지 부분을 첫 번째로 찾은 비율"
)
OWN_PICTURE = Wording("the text's picture found first", "텍스트의 사진을 첫 번째로 찾은 비율")
SCORE = Wording(
    "{measure}: {before:.3f} before, {after:.3f} after ({rows} held out)",
    "{measure}: 학습 전 {before:.3f}, 학습 후 {after:.3f} (떼어 둔 {rows} 기준)",
)
LOSS = Wording(
    "loss: {before:.4f} before, {after:.4f} after; {epochs} epochs",
    "손실: 학습 전 {before:.4f}, 학습 후 {after:.4f}, {epochs}에포크",
)
LOSS_NOW = Wording("loss {loss:.4f}", "손실 {loss:.4f}")
BEST_NOW = Wording("best accuracy {score:.3f}", "가장 높은 정확도 {score:.3f}")
NO_SCORE = Wording(
    "too few rows to hold some out: nobody knows how good it is",
    "행이 적어 따로 떼어 두지 못했으므로 얼마나 잘 맞는지 알 수 없습니다",
)
NO_BETTER = Wording(
    "rows held out gained nothing: the vectors stay as {model} makes them",
    "떼어 둔 행의 점수가 오르지 않아 {model} 벡터를 그대로 씁니다",
)
ONLY_ONE_LABEL = Wording(
    "all rows have one label, which every row will get", "모든 행의 레이블이 같으므로 항상 그 레이블이 됩니다"
)
WITHOUT_LABEL = Wording("{rows} without a label left out", "레이블이 없는 {rows}은(는) 제외했습니다")
WITHOUT_VECTOR = Wording("{rows} without a vector left out", "벡터가 없는 {rows}은(는) 제외했습니다")
SAMPLED = Wording(
    "trained on {rows} of {total:,}, chosen at random",
    "전체 {total:,}행에서 무작위로 고른 {rows}으로 학습했습니다",
)
BEFORE_ZERO_SHOT = Wording(
    "before: {model} compares with the labels' names", "학습 전: {model} 모델이 레이블의 이름과 비교"
)
BEFORE_EARLIER = Wording("before: {model} as it was", "학습 전: 이어서 학습하기 전의 {model} 모델")
BEFORE_MOST_FREQUENT = Wording("before: always the most frequent label", "학습 전: 가장 많은 레이블로 답함")
GETS_LABEL = Wording(
    "PREDICT gives rows the label that fits best", "PREDICT가 행에 가장 잘 맞는 레이블을 붙입니다"
)
TRAINING = Wording("training {model}", "{model} 학습")
CARD = Wording(
    "# {model}\n\n{what}.\n\n{score}\n\nBase: {base}. The numbers are in head.safetensors; nothing in this folder is "
    "code. It works on vectors of {frozen} alone, whose weights have the fingerprint {fingerprint}.\n",
    "# {model}\n\n{what}.\n\n{score}\n\n기반: {base}. 숫자는 head.safetensors에 있으며 이 폴더에는 코드가 없습니다. "
    "{frozen} 벡터에만 쓸 수 있으며 그 가중치의 지문은 {fingerprint}입니다.\n",
)

# -- EVALUATE
EVALUATE = Wording(
    "How well a model's labels, or a text-image model's order, agree with what rows say: a row a figure. Of labels a "
    "confusion matrix is drawn too.",
    "모델이 붙인 레이블, 또는 텍스트와 사진의 순서가 행에 있는 것과 얼마나 맞는지 잽니다. 수치마다 한 행이며, "
    "레이블은 혼동 행렬도 그립니다.",
)
LABELS_TO_CHOOSE = Wording(
    "what rows may be, of a model that was not trained on labels; without it the values of label_col",
    "레이블로 학습하지 않은 모델에서 행에 붙일 수 있는 레이블. 없으면 label_col의 값들",
)
WITHOUT_LABEL_OR_VECTOR = Wording(
    "{rows} without a label or a vector left out", "레이블이나 벡터가 없는 {rows}은(는) 제외했습니다"
)
NEVER_SEEN = Wording(
    "{rows} with labels that {model} was not trained on; they count as wrong",
    "{model} 모델이 학습하지 않은 레이블의 {rows}은(는) 틀린 것으로 셉니다",
)
ONE_VALUE = Wording(
    "all rows have one label: what compares labels has no value",
    "모든 행의 레이블이 같아 일부 수치는 값이 없습니다",
)
MATRIX = Wording(
    "rows: label in the table; columns: what {model} says", "행: 테이블의 레이블, 열: {model} 모델의 답"
)
FIRST_LABELS = Wording("the {count} most frequent labels", "가장 많은 레이블 {count}개")

# -- EXPORT MODEL
EXPORT_MODEL = Wording(
    "Write a model that was trained here into a folder, to be taken elsewhere: UPLOAD MODEL reads it again.",
    "여기서 학습한 모델을 폴더에 저장합니다. 다른 곳에서 UPLOAD MODEL로 다시 읽을 수 있습니다.",
)
ADOPTED = Wording(
    "model {model} registered: it works on vectors of {on}", "{model} 모델을 등록했습니다. {on} 벡터를 씁니다"
)
EXPORTED = Wording("model {model} written to {path}", "{model} 모델을 {path}에 저장했습니다")


class TS404(Code):
    """Nothing can be trained, or measured, on these rows."""

    MEANING = Wording(
        "nothing can be trained, or measured, on these rows", "이 행으로는 학습하거나 점수를 잴 수 없습니다"
    )
    TOO_FEW = Wording("{rows} are too few to train on", "학습하기에 행이 너무 적습니다: {rows}")
    AT_LEAST = Wording("give {count} rows and more", "{count}행 이상 필요합니다")
    ALL_DIFFERENT = Wording(
        "every row has another value of {column}: that is no label",
        "{column} 값이 행마다 다르므로 레이블이 아닙니다",
    )
    NO_LABELS = Wording("no row has a label in {column}", "{column} 컬럼에 레이블이 있는 행이 없습니다")
    LIST_LABELS = Wording(
        "the values of {column} are {type}, which are no labels",
        "{column} 컬럼의 값({type})은 레이블이 될 수 없습니다",
    )
    OTHER_LABELS = Wording(
        "{model} gives labels of type {known}, {column} is {type}",
        "{model} 모델의 레이블은 {known} 타입인데 {column} 컬럼은 {type} 타입입니다",
    )
    CAST_LABELS = Wording(
        "give it as that type: CAST({column} AS {known})",
        "그 타입으로 바꾸십시오: CAST({column} AS {known})",
    )
    ITSELF_TRAINED = Wording(
        "{model} was itself trained here: models are trained on vectors of others",
        "{model}은(는) 여기서 학습한 모델입니다. 학습은 다른 모델의 벡터 위에서 합니다",
    )
    TRAIN_ON = Wording("name that one: vectors_of='{model}'", "그 모델을 쓰십시오: vectors_of='{model}'")
    WHAT_FOR = Wording(
        "{base} can be trained on labels or on pictures with their texts",
        "{base}은(는) 레이블, 또는 사진과 그 텍스트로 학습할 수 있습니다",
    )
    SAY_WHICH = Wording(
        "say which: OPTIONS(image_col='…', label_col='…') or OPTIONS(image_col='…', text_col='…')",
        "무엇으로 학습할지 쓰십시오: OPTIONS(image_col='…', label_col='…') 또는 OPTIONS(image_col='…', text_col='…')",
    )
    NOT_TRAINED = Wording(
        "{model} was not trained here: FIT MODEL goes on from one that was",
        "{model}은(는) 여기서 학습한 모델이 아닙니다. FIT MODEL은 여기서 학습한 모델을 이어서 학습합니다",
    )
    BUILD_IT = Wording(
        "train it first: BUILD MODEL {name} USING {model} …",
        "먼저 학습하십시오: BUILD MODEL {name} USING {model} …",
    )
    NO_BASE = Wording(
        "there is nothing called {name} to build a model of", "{name}(이)라는 기반 모델이 없습니다"
    )
    BASES_ARE = Wording("there are {names}", "사용할 수 있는 것: {names}")
    GIVES_LABELS = Wording(
        "{model} gives labels, not vectors", "{model} 모델은 벡터가 아니라 레이블을 만듭니다"
    )
    PREDICT_WITH_IT = Wording(
        "tell labels with it: PREDICT USING {model} AS …",
        "레이블을 붙이는 데 쓰십시오: PREDICT USING {model} AS …",
    )
    OWN_LABELS = Wording("{model} has labels of its own", "{model} 모델에는 학습한 레이블이 있습니다")
    LEAVE_OUT = Wording("leave labels out", "labels를 빼십시오")
    NO_HEAD = Wording(
        "{model} was not trained here: its weights lie elsewhere",
        "{model}은(는) 여기서 학습한 모델이 아니므로 가중치가 다른 곳에 있습니다",
    )
    FOLDER_IN_THE_WAY = Wording("there is something at {path} already", "{path}에 이미 무엇인가 있습니다")
    NOTHING_TO_COMPARE = Wording(
        "no row has both what is to be predicted and a label", "예측할 값과 레이블이 모두 있는 행이 없습니다"
    )
