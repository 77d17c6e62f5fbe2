"""Kinds of models of the old service that this kernel does not run, and what there is instead of each."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

TABLES_OF_NUMBERS = Wording(
    "models are trained here on pictures and texts (BUILD MODEL); for columns of numbers take the rows to Python: "
    'thanosql_kernel.connect().sql("SELECT * FROM t").df() is what scikit-learn trains on',
    "여기서는 사진과 텍스트로 모델을 학습합니다(BUILD MODEL). 숫자 컬럼이라면 행을 Python으로 가져가십시오. "
    'thanosql_kernel.connect().sql("SELECT * FROM t").df()를 scikit-learn에 넣어 학습할 수 있습니다',
)
RECOMMENDER = Wording(
    "nothing here learns tastes; CONVERT the texts or pictures of the items and SEARCH for those like one, or count in "
    "SQL: a JOIN of the table with itself ON the user, GROUP BY item",
    "취향을 학습하는 기능은 없습니다. 상품의 텍스트나 사진을 CONVERT한 뒤 SEARCH로 비슷한 것을 찾거나, SQL로 세십시오: "
    "테이블을 사용자 컬럼으로 자신과 JOIN하고 GROUP BY item",
)
SPEECH = Wording(
    "nothing here listens: transcribe with another program, COPY its texts, and SEARCH TEXT finds in them; "
    "PRINT AUDIO plays the files",
    "음성을 듣는 기능은 없습니다. 다른 프로그램으로 받아쓴 텍스트를 COPY하면 SEARCH TEXT로 찾을 수 있습니다. "
    "파일은 PRINT AUDIO로 재생합니다",
)
QUESTIONS = Wording(
    "a question about pictures becomes a choice of answers: PREDICT USING m OPTIONS(image_col='image_path', "
    "labels=['one person', 'many people']) AS …",
    "사진에 대한 질문은 고를 답으로 바꾸어 쓰십시오: PREDICT USING m OPTIONS(image_col='image_path', "
    "labels=['한 사람', '여러 사람']) AS …",
)
FORECAST = Wording(
    "nothing here forecasts; SQL goes on from what was: regr_slope(y, x), lag(y) OVER (ORDER BY day), avg(y) over a "
    "window of days",
    "예측하는 기능은 없습니다. 지난 값에서 이어 가는 계산은 SQL로 하십시오: regr_slope(y, x), "
    "lag(y) OVER (ORDER BY day), 여러 날에 걸친 avg(y)",
)
PICKLED = Wording(
    "only models without code are read: save it with save_pretrained(folder, safe_serialization=True), and "
    "UPLOAD MODEL m FROM 'folder'; or train one here: BUILD MODEL m USING ConvNeXt_Tiny …",
    "코드가 없는 모델만 읽습니다. save_pretrained(folder, safe_serialization=True)로 저장한 뒤 "
    "UPLOAD MODEL m FROM 'folder'를 쓰거나, 여기서 학습하십시오: BUILD MODEL m USING ConvNeXt_Tiny …",
)
WRITER = Wording(
    "nothing here writes; SEARCH KEYWORD takes the words out of texts that say what they are about, and SEARCH TEXT "
    "finds the text that answers",
    "글을 쓰는 기능은 없습니다. SEARCH KEYWORD는 텍스트의 내용을 나타내는 단어를 뽑고, SEARCH TEXT는 답이 되는 "
    "텍스트를 찾습니다",
)
PAINTER = Wording(
    "nothing here paints; SEARCH IMAGE text='…' finds the picture that there is",
    "그림을 그리는 기능은 없습니다. SEARCH IMAGE text='…'로 이미 있는 사진을 찾으십시오",
)
TRAINED_HERE = Wording(
    "nothing has to be fetched for it: BUILD MODEL {model} USING {base} OPTIONS(…) AS query trains one on your rows",
    "따로 받을 것이 없습니다. BUILD MODEL {model} USING {base} OPTIONS(…) AS query가 있는 행으로 모델을 학습합니다",
)
TRANSFORMED = Wording(
    "rows are changed by SQL: SELECT coalesce(a, avg(a) OVER ()), (a - avg(a) OVER ()) / stddev(a) OVER () FROM t; "
    "CONVERT USING m makes vectors of pictures and texts",
    "행은 SQL로 변환합니다: SELECT coalesce(a, avg(a) OVER ()), (a - avg(a) OVER ()) / stddev(a) OVER () FROM t. "
    "사진과 텍스트의 벡터는 CONVERT USING m으로 만듭니다",
)
PICTURES_AS_THEY_ARE = Wording(
    "pictures need no preparing: COPY t FROM 'folder/' makes a row of each file, and CONVERT turns and resizes them",
    "사진은 준비할 것이 없습니다. COPY t FROM 'folder/'가 파일마다 한 행을 만들고, CONVERT가 방향과 크기를 맞춥니다",
)
SOUNDS_AS_THEY_ARE = Wording(
    "COPY t FROM 'folder/' makes a row of each sound file, and PRINT AUDIO plays them",
    "COPY t FROM 'folder/'가 소리 파일마다 한 행을 만들고, PRINT AUDIO가 재생합니다",
)
SEARCH_AUDIO = Wording(
    "Sounds that are like a text or another sound. Not run by this kernel.",
    "텍스트나 다른 소리와 비슷한 소리를 찾습니다. 이 커널은 실행하지 않습니다.",
)
AUDIO = Wording("a sound file to compare with", "비교할 소리 파일")
SOUNDS = Wording(
    "nothing here compares sounds: PRINT AUDIO plays them, WHERE audio_path LIKE '%…%' finds their names, and "
    "SEARCH TEXT finds in what was transcribed",
    "소리를 비교하는 기능은 없습니다. PRINT AUDIO로 재생하고, WHERE audio_path LIKE '%…%'로 이름을 찾고, "
    "받아쓴 텍스트는 SEARCH TEXT로 찾으십시오",
)
