"""SEARCH with more than one thing to look for: prompts combined, rows as pictures, words, diversity, relevance."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording

HALVING = Wording("half-precision vectors {column}", "반정밀도 벡터 {column}")


# -- options -------------------------------------------------------------------------------------------------
WEIGHTS = Wording(
    "one number for each input: rows are compared with the weighted sum of the inputs' unit vectors, which gives one "
    "similarity; a number below zero moves away",
    "입력마다 숫자 하나. 입력의 단위 벡터를 이 가중치로 더한 것과 비교하므로 유사도는 하나이며, "
    "음수를 준 입력에서는 멀어집니다",
)
KEYWORD = Wording(
    "words to look for in keyword_col too: the rows get {{similarity}}_keyword (BM25) and {{similarity}}_fused, which "
    "both ranks come to (reciprocal rank fusion) and which says what is best",
    "keyword_col에서도 찾을 단어. {{similarity}}_keyword(BM25)와 두 순위를 합친 "
    "{{similarity}}_fused(RRF)가 추가되고, 순서는 {{similarity}}_fused를 따릅니다",
)
KEYWORD_COL = Wording("the column of texts where keyword is looked for", "keyword를 찾을 텍스트 컬럼")
DIVERSE = Wording(
    "leave out rows that are much like better ones: top_k rows are chosen out of the best three times as many, "
    "by maximal marginal relevance (lambda = 0.7, of pictures to pictures or texts to texts 0.45)",
    "앞의 행과 거의 같은 행을 뺍니다. 가장 비슷한 세 배의 행에서 최대 한계 관련성(MMR, lambda = 0.7, "
    "사진끼리나 텍스트끼리는 0.45)으로 top_k행을 고릅니다",
)
RELEVANCE = Wording(
    "give {{similarity}}_relevance too, the model's own probability that a text and a picture belong together "
    "(SigLIP only)",
    "텍스트와 사진이 서로 맞을 확률을 모델이 계산한 {{similarity}}_relevance도 추가합니다(SigLIP 전용)",
)

# -- what rows get ---------------------------------------------------------------------------------------------
GETS_COMBINED = Wording(
    "the rows get one similarity to all inputs combined, from -1 to 1",
    "행에 모든 입력을 합친 것과의 유사도(-1에서 1)가 하나 추가됩니다",
)
GETS_FUSED = Wording(
    "the rows get the similarity, from -1 to 1, the score of the keyword (BM25), and what both ranks come to",
    "행에 유사도(-1에서 1), keyword의 점수(BM25), 두 순위를 합친 점수가 추가됩니다",
)
GETS_RELEVANCE = Wording(
    "the rows get one similarity for each input, from -1 to 1, and one relevance, from 0 to 1",
    "행에 입력마다 유사도(-1에서 1)와 관련도(0에서 1)가 하나씩 추가됩니다",
)

DIVERSE_FIRST = Wording(
    "chosen one after the other: similar to the input, and unlike those before",
    "입력과 비슷하면서 앞의 행과 다른 행을 차례로 고른 순서",
)

CHOOSING = Wording("choosing rows that differ", "서로 다른 행 고르기")

# -- EXPLAIN -----------------------------------------------------------------------------------------------------
COMBINES = Wording(
    "{count} inputs are combined into one vector: the weighted sum of their unit vectors",
    "입력 {count}개를 벡터 하나로 합칩니다: 단위 벡터의 가중합",
)
FUSES = Wording(
    "words '{keyword}' in {column}: BM25 over the rows below; "
    "both orders fused by reciprocal rank (k = {constant})",
    "{column}에서 단어 '{keyword}' 검색: 아래의 행에서 BM25를 계산합니다. "
    "두 순서를 순위의 역수로 합칩니다(k = {constant})",
)
DIVERSIFIES = Wording(
    "diverse: {top_k:,} of the best {pool:,} rows by maximal marginal relevance (lambda = {share})",
    "diverse: 가장 비슷한 {pool:,}행 가운데 최대 한계 관련성(MMR)으로 {top_k:,}행을 고릅니다"
    "(lambda = {share})",
)


class TS110(Code):
    """The parts of a SEARCH do not fit together."""

    MEANING = Wording(
        "the parts of a SEARCH do not fit together",
        "SEARCH 문의 각 부분이 서로 맞지 않습니다",
    )
    # -- weights
    NO_NUMBER = Wording("weights are numbers, like [1, -0.5]", "weights에는 [1, -0.5]와 같이 숫자만 씁니다")
    OTHER_COUNT = Wording(
        "each input has one weight: of inputs there are {inputs}, of weights {weights}",
        "가중치는 입력마다 하나씩 씁니다. 입력은 {inputs}개인데 가중치는 {weights}개입니다",
    )
    ALL_ZERO = Wording(
        "weights that are all 0 search for nothing", "가중치가 모두 0이면 검색할 것이 없습니다"
    )
    CANCELS_OUT = Wording(
        "the inputs cancel each other out: their weighted sum has no direction",
        "입력들이 서로 상쇄되어 가중합에 방향이 없습니다",
    )
    OTHER_WEIGHTS = Wording("choose other weights, or other inputs", "가중치나 입력을 바꾸십시오")
    WEIGH_THEM = Wording(
        "with weights=[1, 1] they are searched for as one", "weights=[1, 1]을 쓰면 하나로 합쳐 검색합니다"
    )
    # -- rows as inputs
    ONE_COLUMN = Wording(
        "the query has {columns}; what is searched for is one column",
        "쿼리의 결과에 {columns}이(가) 있습니다. 검색에는 컬럼 하나만 쓸 수 있습니다",
    )
    NO_ROWS = Wording("the query gives nothing to search for", "쿼리의 결과에 검색할 것이 없습니다")
    TOO_MANY_ROWS = Wording(
        "the query gives more than {most} rows to search for",
        "쿼리의 결과가 {most}행을 넘어 검색에 쓸 수 없습니다",
    )
    LIMIT_ROWS = Wording(
        "their vectors are added up, which says little of so many: add LIMIT {most}",
        "결과의 벡터를 모두 더하므로 행이 너무 많으면 뜻이 흐려집니다. LIMIT {most}을(를) 쓰십시오",
    )
    # -- words
    WHERE_ARE_WORDS = Wording("keyword needs a column of texts", "keyword에는 찾을 텍스트 컬럼이 필요합니다")
    NAME_TEXTS = Wording("add keyword_col='…'", "keyword_col='…' 옵션을 쓰십시오")
    WHICH_WORDS = Wording("keyword_col needs a keyword", "keyword_col에는 keyword가 필요합니다")
    NO_WORDS = Wording("keyword holds no word", "keyword에 단어가 없습니다")
    TOO_MANY_WORDS = Wording("keyword holds more than {most} words", "keyword의 단어가 {most}개를 넘습니다")
    ONE_SIMILARITY = Wording(
        "keyword goes with one input, and there are {count}",
        "keyword는 입력이 하나일 때만 쓸 수 있는데 입력이 {count}개입니다",
    )
    # -- diversity
    HOW_MANY = Wording(
        "diverse chooses among the best rows, and nothing says how many",
        "diverse는 가장 비슷한 행에서 고르는데 몇 행인지 정하지 않았습니다",
    )
    SAY_HOW_MANY = Wording("add top_k=20", "top_k=20과 같이 쓰십시오")
    AT_MOST = Wording(
        "diverse gives at most {most:,} rows", "diverse로 고를 수 있는 행은 최대 {most:,}행입니다"
    )
    NOT_BOTH = Wording(
        "diverse and keyword do not go together: each has an order of its own",
        "diverse와 keyword는 순서를 정하는 방법이 달라 함께 쓸 수 없습니다",
    )
    # -- relevance
    OF_ONE_PAIR = Wording(
        "relevance is of one text and one picture, not of several inputs combined",
        "관련도는 텍스트 하나와 사진 하나 사이의 값이므로 합친 입력에는 쓸 수 없습니다",
    )
    OF_TEXT_AND_PICTURE = Wording(
        "relevance is of a text and a picture, and both are {kind} here",
        "관련도는 텍스트와 사진 사이의 값인데 여기서는 둘 다 {kind}입니다",
    )
    OF_KNOWN_VECTORS = Wording(
        "column {column} was not made by CONVERT: nobody knows whether its vectors are of pictures",
        "{column} 컬럼은 CONVERT로 만든 것이 아니어서 사진의 벡터인지 알 수 없습니다",
    )
