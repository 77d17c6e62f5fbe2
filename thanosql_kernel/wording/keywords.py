"""SEARCH KEYWORD: what is said of it."""

from __future__ import annotations

from thanosql_kernel.wording import grammar
from thanosql_kernel.wording.text import Wording

SEARCH_KEYWORD = Wording(
    "The query's rows with the words of each text that say best what it is about, best first, as JSON: "
    '{{"keyword": […], "score": […]}}. Phrases of the text are compared with the text itself by the model\'s vectors, '
    "and chosen so that they are unlike each other. They are pieces of the text in lower case; of Korean words, the "
    "nouns. json_array_elements(keyword -> 'keyword') makes rows of them.",
    '쿼리의 행마다 텍스트의 내용을 가장 잘 나타내는 단어를 JSON {{"keyword": […], "score": […]}}으로 붙입니다. '
    "점수가 높은 순서입니다. 텍스트에 있는 구절과 텍스트 전체를 모델의 벡터로 비교하고, 서로 비슷하지 않은 것을 "
    "고릅니다. 구절은 텍스트에 있는 그대로의 소문자이고, 한국어 단어에서는 명사입니다. "
    "json_array_elements(keyword -> 'keyword')로 행으로 펼칠 수 있습니다.",
)
LANG = Wording(
    "the language of the texts: 'ko' or 'en'; found for each text by its letters otherwise",
    "텍스트의 언어: 'ko' 또는 'en'. 쓰지 않으면 텍스트마다 글자를 보고 정합니다",
)
NGRAM_RANGE = Wording(
    "of how many words a keyword is made: [least, most]", "키워드 하나를 이루는 단어 수: [최소, 최대]"
)
TOP_N = Wording("how many keywords a text gets at most", "텍스트마다 붙일 키워드의 최대 개수")
DIVERSITY = Wording(
    "from 0, the most similar to the text, to 1, the most unlike each other",
    "0이면 텍스트와 가장 비슷한 것을, 1이면 서로 가장 다른 것을 고릅니다",
)
USE_STOPWORDS = Wording(
    "whether words that say nothing by themselves are left out",
    "그 자체로 뜻이 없는 단어(불용어)를 제외할지 여부",
)
THRESHOLD = Wording(
    "how similar to its text a keyword is at least, from -1 to 1",
    "키워드와 텍스트의 최소 유사도 (-1부터 1까지)",
)
KEYWORD_COL = Wording("name of the new column of keywords", "키워드를 담을 새 컬럼의 이름")
GETS_KEYWORDS = Wording(
    "the words that say best what each text is about", "텍스트의 내용을 가장 잘 나타내는 단어"
)
EXTRACTING = Wording("keywords of {column}", "{column} 키워드 찾기")

ONE_TOO_LONG = Wording(
    "{texts} has over {words:,} words; only these count",
    "단어가 {words:,}개보다 많은 텍스트가 있어 앞의 {words:,}개만 읽었습니다: {texts}",
)
TOO_LONG = Wording(
    "{texts} have over {words:,} words; only these count",
    "단어가 {words:,}개보다 많은 텍스트가 있어 앞의 {words:,}개만 읽었습니다: {texts}",
)
NO_KIWI = Wording(
    "keywords of Korean texts are words without their particles; to find the nouns among them: {command}",
    "한국어 키워드는 조사를 뗀 단어입니다. 명사만 찾으려면 다음을 실행하십시오: {command}",
)


class TS103(grammar.TS103):
    """A range that is none."""

    NO_RANGE = Wording(
        "{name} takes two whole numbers from 1 to {most}, the smaller first",
        "{name}에는 1부터 {most}까지의 정수 두 개를 작은 것부터 씁니다",
    )
