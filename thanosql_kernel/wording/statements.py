"""Help: what statements do, and what their options are for."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

# -- what statements do --------------------------------------------------------------------------------------
ALTER_TABLE = Wording(
    "Rename a table, or rename, add, drop and retype its columns. DEFAULT fills the rows that are there. "
    "A value that its new type would round is an error; USING says what becomes of it.",
    "테이블의 이름을 바꾸거나, 컬럼을 추가·삭제하고 컬럼의 이름과 타입을 바꿉니다. DEFAULT는 이미 있는 행을 채웁니다. "
    "새 타입에서 값이 반올림되면 오류이며, 그 값을 어떻게 할지는 USING으로 정합니다.",
)
ALTER_VIEW = Wording(
    "Rename a view. CREATE OR REPLACE VIEW gives it another query.",
    "뷰의 이름을 바꿉니다. 쿼리는 CREATE OR REPLACE VIEW로 바꿉니다.",
)
BUILD_MODEL = Wording(
    "Train a model on rows. Not run by this kernel.",
    "행으로 모델을 학습시킵니다. 이 커널은 실행하지 않습니다.",
)
CONVERT = Wording(
    "Embed a column of picture paths or texts; the rows get one vector column more, named {{model}}_{{base}} unless "
    "result_col says otherwise. Running it again embeds only what is new or changed.",
    "사진 경로나 텍스트가 있는 컬럼을 임베딩합니다. 행에 벡터 컬럼이 하나 추가되며, "
    "result_col을 지정하지 않으면 이름은 {{model}}_{{base}}입니다. "
    "다시 실행하면 새로 추가되거나 변경된 것만 임베딩합니다.",
)
COPY = Wording(
    "Read a file (csv, tsv, json, jsonl, parquet, xlsx), a folder of pictures, sounds or videos, a JSON text, or a "
    "URL into a table. Of a folder that has changed, if_exists='refresh' adds rows for new files, removes those "
    "of files that are gone, and keeps all others with their columns and vectors.",
    "파일(csv, tsv, json, jsonl, parquet, xlsx), 사진·소리·동영상 폴더, JSON 텍스트 또는 URL을 테이블로 읽습니다. "
    "내용이 바뀐 폴더에서 if_exists='refresh'는 새 파일의 행을 추가하고 없어진 파일의 행을 삭제하며, "
    "나머지 행은 컬럼과 벡터까지 그대로 둡니다.",
)
CREATE_TABLE = Wording(
    "Store the rows of a query as a table, in one step: the old table or the new one, never half. With columns and "
    "types the table has no rows yet.",
    "쿼리의 행을 테이블로 저장합니다. 한 번에 저장하므로 이전 테이블이나 새 테이블이 온전히 남습니다. "
    "컬럼과 타입을 쓰면 아직 행이 없는 테이블을 만듭니다.",
)
CREATE_VIEW = Wording(
    "Give a query a name that FROM can read. Nothing is stored but its text: whoever reads it sees what its tables "
    "hold then. SEARCH and CONVERT may be nested in it. SHOW VIEWS lists the views, DROP VIEW removes one.",
    "FROM에서 읽을 수 있는 이름을 쿼리에 붙입니다. 쿼리의 텍스트만 저장하므로, "
    "뷰를 읽으면 그때 테이블에 있는 내용이 나옵니다. "
    "SEARCH와 CONVERT를 안에 쓸 수 있습니다. SHOW VIEWS는 뷰의 목록을 보여 주고, DROP VIEW는 뷰를 삭제합니다.",
)
CREATE_OTHER_VIEW = Wording(
    "A view that ends with the session, or that holds rows. Not run by this kernel.",
    "세션과 함께 없어지거나 행을 저장하는 뷰입니다. 이 커널은 실행하지 않습니다.",
)
DELETE = Wording(
    "Remove the rows for which the condition holds; all rows without one. With USING, rows of other tables may be "
    "named.",
    "조건에 맞는 행을 삭제합니다. 조건이 없으면 모든 행을 삭제합니다. "
    "USING을 쓰면 다른 테이블의 행을 조건에 쓸 수 있습니다.",
)
DELETE_MODEL = Wording(
    "Forget a model's name. Columns made with it stay; GET THANOSQL MODEL brings a model back.",
    "모델의 이름을 지웁니다. 그 모델로 만든 컬럼은 남으며, GET THANOSQL MODEL로 모델을 다시 가져올 수 있습니다.",
)
DESCRIBE = Wording(
    "Show the columns of a table, a view or a query, their types, and which model made the generated ones. "
    "No query is run for it.",
    "테이블, 뷰 또는 쿼리의 컬럼과 타입, 그리고 생성된 컬럼을 만든 모델을 보여 줍니다. 쿼리는 실행하지 않습니다.",
)
DROP_TABLE = Wording(
    "Remove a table. Embeddings computed for it stay cached, so making it again is quick.",
    "테이블을 삭제합니다. 계산한 임베딩은 캐시에 남으므로 다시 만들 때 빠릅니다.",
)
DROP_VIEW = Wording(
    "Remove a view. The tables that it reads stay as they are.",
    "뷰를 삭제합니다. 뷰가 읽는 테이블은 그대로 있습니다.",
)
EVALUATE = Wording(
    "Measure a model on rows. Not run by this kernel.",
    "행으로 모델을 평가합니다. 이 커널은 실행하지 않습니다.",
)
EXPLAIN = Wording(
    "Say how a query would be answered, without running it: what is read, from where, how many rows there are, "
    "and whether vectors are in memory or come from disk. Nested statements stand further in.",
    "쿼리를 실행하지 않고 어떻게 처리할지 알려 줍니다. 무엇을 어디에서 읽는지, 행이 몇 개인지, "
    "벡터가 메모리에 있는지 디스크에서 오는지 보여 줍니다. 안에 있는 문장은 들여서 표시합니다.",
)
EXPORT = Wording(
    "Write the rows of a query, a table or an earlier result (_ is the last one) to a file, in the format that its "
    "ending says; to a folder, the pictures that the rows name are copied too, beside a csv of the rows.",
    "쿼리, 테이블 또는 이전 결과(_는 마지막 결과)의 행을 파일로 저장합니다. 형식은 파일의 확장자가 정합니다. "
    "폴더에 저장하면 행의 csv 파일과 함께 행에 있는 사진도 복사합니다.",
)
FUNCTION = Wording(
    "Call a function of the old service. Not run by this kernel.",
    "이전 서비스의 함수를 호출합니다. 이 커널은 실행하지 않습니다.",
)
GENERATE = Wording(
    "Make texts or pictures. Not run by this kernel.",
    "텍스트나 사진을 생성합니다. 이 커널은 실행하지 않습니다.",
)
GET_DATASET = Wording(
    "Fetch a data set into thanosql-dataset/{{dataset}}/, with a csv that COPY reads.",
    "데이터 세트를 thanosql-dataset/{{dataset}}/에 내려받습니다. COPY로 읽을 수 있는 csv 파일이 들어 있습니다.",
)
GET_MODEL = Wording(
    "Fetch a model's weights, and register it under a name of your own.",
    "모델의 가중치를 내려받고 원하는 이름으로 등록합니다.",
)
HELP = Wording(
    "List the statements, or show how one is written, with its options and an example.",
    "문장의 목록을 보여 주거나, 문장 하나의 문법과 옵션, 예를 보여 줍니다.",
)
INSERT = Wording(
    "Add rows to a table. Columns are matched by position, as SQL does, or by name; columns left out become NULL. "
    "A value that its column would round is an error; CAST says that it may be. ON CONFLICT leaves or changes rows "
    "with the same key: excluded is the new row.",
    "테이블에 행을 추가합니다. 컬럼은 SQL처럼 순서대로, 또는 이름으로 맞추며, 빠진 컬럼은 NULL이 됩니다. "
    "컬럼에서 값이 반올림되면 오류이며, 반올림해도 되면 CAST를 쓰십시오. "
    "ON CONFLICT는 키가 같은 행을 그대로 두거나 변경합니다. excluded는 새 행입니다.",
)

# -- what options do -----------------------------------------------------------------------------------------
OVERWRITE = Wording("replace what has that name already", "같은 이름으로 이미 있는 것을 바꾸기")
IF_EXISTS = Wording("what to do when the table exists already", "테이블이 이미 있을 때 할 일")
TABLE_NAME = Wording("store the result as this table", "결과를 저장할 테이블")
RESULT_COL = Wording("name of the new column", "새 컬럼의 이름")
IMAGE_COL = Wording("column with the paths of pictures", "사진의 경로가 있는 컬럼")
TEXT_COL = Wording("column with texts", "텍스트가 있는 컬럼")
AUDIO_COL = Wording("column with the paths of sounds", "소리 파일의 경로가 있는 컬럼")
VIDEO_COL = Wording("column with the paths of videos", "동영상의 경로가 있는 컬럼")
COPIED_COL = Wording("column with the pictures to copy", "복사할 사진이 있는 컬럼")
CONVERT_TYPE = Wording("what to embed", "임베딩할 것")
BATCH_SIZE = Wording(
    "pictures a batch; results do not depend on it", "한 번에 처리할 사진의 수. 결과에는 영향이 없습니다"
)
ON_ERROR = Wording("what a picture that cannot be read does", "읽을 수 없는 사진이 있을 때 할 일")
PATH_TYPE = Wording("what FROM names", "FROM에 쓴 것의 종류")
DATA_TYPE = Wording("what lies in the folder", "폴더에 있는 것의 종류")
FILE_TYPE = Wording("file endings to take", "읽을 파일의 확장자")
MODEL_NAME = Wording("name to register it under", "등록할 이름")

# -- how options and pages are shown -------------------------------------------------------------------------
#: By `Option.kind`, the value that it takes, as a word or two.
KINDS = {
    "text": Wording("text", "텍스트"),
    "texts": Wording("texts", "텍스트 또는 목록"),
    "integer": Wording("integer", "정수"),
    "number": Wording("number", "숫자"),
    "boolean": Wording("boolean", "True 또는 False"),
    "list": Wording("list", "목록"),
}
DESCRIBED = Wording("{doc} ({values})", "{doc} ({values})")
DESCRIBED_WITH_DEFAULT = Wording(
    "{doc} ({values}); {default} unless given", "{doc} ({values}, 기본값 {default})"
)
OPTIONS = Wording("options:", "옵션:")
OPTION = Wording("option", "옵션")
EXAMPLE = Wording("example: {example}", "예: {example}")
EXAMPLE_HEADING = Wording("Example:", "예:")

LANGUAGE = Wording(
    "the language of what is said here: auto is that of the system", "표시 언어. auto는 시스템의 언어입니다"
)
