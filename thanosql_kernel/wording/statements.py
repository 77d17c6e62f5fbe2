"""Help: what statements do, and what their options are for."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

LANGUAGE = Wording(
    "the language of what is said here: auto is that of the system", "표시 언어. auto는 시스템의 언어입니다"
)

# -- LIST
LIST = Wording(
    "Show the tables and views, the views with their queries, or the models of this database, or the "
    "models and data sets that can be had.",
    "이 데이터베이스의 테이블과 뷰, 뷰와 그 쿼리, 모델, 또는 내려받을 수 있는 모델과 데이터 세트를 보여 "
    "줍니다.",
)
TUTORIAL = Wording(
    "README shows the tutorial notebooks; GET THANOSQL DATASET sample_photos fetches their photos",
    "튜토리얼 노트북은 README에 있습니다. 노트북에 쓰이는 사진은 GET THANOSQL DATASET sample_photos 문으로 "
    "내려받습니다",
)

# -- MERGE
MERGE = Wording(
    "Bring a table up to date with other rows, in one step. Of the WHENs that hold for a row the first "
    "counts. A row of the table that several rows would change is an error. RETURNING has a column "
    "merge_action too.",
    "다른 행들로 테이블을 한 번에 최신 상태로 만듭니다. 한 행에 해당하는 WHEN이 여럿이면 첫 번째를 "
    "적용합니다. 여러 행이 테이블의 같은 행을 변경하려고 하면 오류입니다. RETURNING에서는 merge_action "
    "컬럼도 쓸 수 있습니다.",
)

# -- PREDICT
PREDICT = Wording(
    "The query's rows, the one of several labels that fits each picture or text best, and the cosine of "
    "the two, from -1 to 1. No training is needed: the model compares. What it has embedded before is not "
    "embedded again.",
    "쿼리의 행마다 여러 레이블 가운데 사진이나 텍스트에 가장 잘 맞는 레이블과 그 코사인 유사도(-1에서 1)를 "
    "더합니다. 모델이 직접 비교하므로 학습이 필요하지 않습니다. 이미 임베딩한 것은 다시 임베딩하지 "
    "않습니다.",
)
LABELS = Wording("what rows may be", "행에 붙일 수 있는 레이블")
TEMPLATE = Wording(
    "the text around a label, {{}} in its place: 'a photo of a {{}}' for pictures",
    "레이블을 넣을 문장. {{}}가 레이블의 자리이며, 사진에는 'a photo of a {{}}'를 씁니다",
)
LABELS_A_ROW = Wording(
    "how many labels a row gets, best first, as lists",
    "한 행에 붙일 레이블의 수. 잘 맞는 순서의 목록이 됩니다",
)
IMAGE_COL = Wording("column with the paths of pictures", "사진의 경로가 있는 컬럼")
TEXT_COL = Wording("column with texts", "텍스트가 있는 컬럼")
BATCH_SIZE = Wording(
    "pictures a batch; results do not depend on it", "한 번에 처리할 사진의 수. 결과에는 영향이 없습니다"
)
LABEL_COLUMN = Wording("name of the column of labels", "레이블 컬럼의 이름")

# -- PREPROCESS
PREPROCESS = Wording(
    "Cut media files into rows. Not run by this kernel.",
    "미디어 파일을 나누어 행으로 만듭니다. 이 커널은 실행하지 않습니다.",
)

# -- PRINT
PRINT = Wording(
    "Show the pictures, sounds or videos whose paths the rows hold; the other columns become captions. "
    "With format='widget' a notebook pages through them, searches as you type, and stores the chosen rows "
    "as a table, INTO says which.",
    "행에 경로가 있는 사진, 소리 또는 동영상을 보여 줍니다. 다른 컬럼은 설명으로 표시됩니다. "
    "format='widget'을 쓰면 노트북에서 쪽을 넘겨 보고, 입력하는 대로 검색하고, 선택한 행을 INTO에 쓴 "
    "이름의 테이블로 저장할 수 있습니다.",
)
PATH_COLUMN = Wording("column with the paths", "경로가 있는 컬럼")
BASE_DIR = Wording("folder that the paths start from", "경로가 시작되는 폴더")
LIMIT = Wording("how many to show", "보여 줄 개수")
SIDE_BY_SIDE = Wording("how many side by side", "한 줄에 놓을 개수")
PICTURE_SIZE = Wording("longest side of a picture in pixels", "사진의 가장 긴 변의 길이(픽셀)")
PRINT_FORMAT = Wording(
    "a grid, one picture of them all for exports, or a widget to browse",
    "격자, 내보내기에 알맞은 사진 한 장, 또는 넘겨 보는 위젯",
)
GROUP_BY = Wording(
    "a heading above the pictures of each day, month or year, the latest first, or of each value of a column",
    "일, 월, 연도별로(최근 것부터), 또는 컬럼의 값마다 사진 위에 제목을 둠",
)
DATE_COLUMN = Wording("the column with the dates of the pictures", "사진의 날짜가 있는 컬럼")

# -- RESTORE
RESTORE = Wording(
    "Bring back what a table held at an earlier version (SHOW VERSIONS lists them), as one more change of "
    "it. Without a number: the newest version whose files can be read, for a table that is damaged.",
    "테이블을 이전 버전의 내용으로 되돌립니다. 버전은 SHOW VERSIONS 문으로 볼 수 있으며, 되돌리는 것도 "
    "하나의 변경으로 남습니다. 번호가 없으면 파일을 읽을 수 있는 가장 새로운 버전으로 되돌리며, 손상된 "
    "테이블에 씁니다.",
)

# -- SEARCH
SEARCH = Wording(
    "The query's rows and one similarity column an input, {{model}}_{{base}}_similarity1 and so on: the "
    "cosine, from -1 to 1. Shown, the best rows come first; in a query, they keep its order. With search_by and "
    "search_input in OPTIONS, only the best top_k rows come, and the column is search_result.",
    "쿼리의 행에 입력마다 유사도 컬럼을 하나씩 더합니다. 이름은 {{model}}_{{base}}_similarity1과 같으며, "
    "값은 코사인 유사도(-1에서 1)입니다. 그대로 표시하면 가장 비슷한 행부터 나오고, 쿼리 안에서는 쿼리의 순서를 "
    "따릅니다. OPTIONS에 search_by와 search_input을 쓰면 가장 비슷한 top_k개의 행만 나오고, 컬럼의 이름은 "
    "search_result입니다.",
)
TEXT = Wording(
    "a text to search for, or a query in parentheses for texts that are searched for together",
    "검색할 텍스트. 괄호로 묶은 쿼리를 쓰면 결과의 텍스트를 합쳐 검색합니다",
)
TEXTS = Wording(
    "texts to search for, one similarity column each",
    "검색할 텍스트들. 하나마다 유사도 컬럼이 하나씩 생깁니다",
)
IMAGE = Wording(
    "a picture to search for, or a query in parentheses for pictures that are searched for together",
    "검색에 쓸 사진. 괄호로 묶은 쿼리를 쓰면 결과의 사진을 합쳐 검색합니다",
)
IMAGES = Wording(
    "pictures to search for, one similarity column each",
    "검색에 쓸 사진들. 하나마다 유사도 컬럼이 하나씩 생깁니다",
)
SEARCH_BY = Wording("what search_input holds", "search_input에 쓴 것의 종류")
SEARCH_INPUT = Wording("what to search for", "검색할 내용")
EMBEDDINGS = Wording("the column of embeddings to search", "검색할 임베딩 컬럼")
TOP_K = Wording("how many of the best rows to return", "가장 비슷한 행을 돌려줄 개수")

# -- SELECT
SELECT = Wording(
    "Any SQL query. CONVERT, SEARCH, PREDICT and LIST may stand in parentheses where SQL allows a table.",
    "모든 SQL 쿼리를 쓸 수 있습니다. SQL에서 테이블이 올 수 있는 자리에 CONVERT, SEARCH, PREDICT, LIST를 "
    "괄호로 묶어 쓸 수 있습니다.",
)

# -- SET
SET_VARIABLE = Wording(
    "Give a name to a value, for as long as the kernel runs. Later statements write $name wherever a value "
    "may stand: in SQL, in OPTIONS, beside a verb, for a path; getvariable('name') is the same in SQL. "
    "papermill -p name value sets it from outside.",
    "커널이 실행되는 동안 쓸 값에 이름을 붙입니다. 그 뒤의 문장에서는 SQL, OPTIONS, 명령 옆, 경로 등 값이 "
    "올 수 있는 모든 자리에 $name을 쓸 수 있습니다. SQL에서는 getvariable('name')으로도 쓸 수 있습니다. "
    "밖에서는 papermill -p name value로 정합니다.",
)
RESET_VARIABLE = Wording(
    "Take a variable's value away: getvariable('name') is NULL then, and $name an error.",
    "변수의 값을 지웁니다. 그 뒤로 getvariable('name')은 NULL이고 $name은 오류입니다.",
)
SHOW_VARIABLES = Wording(
    "List the variables that SET VARIABLE has set, with their values and types.",
    "SET VARIABLE로 정한 변수를 값, 타입과 함께 보여 줍니다.",
)
SET = Wording(
    "Change a setting for this session; SHOW SETTINGS lists them. DEFAULT brings the first value back.",
    "이 세션의 설정을 변경합니다. 설정은 SHOW SETTINGS 문으로 볼 수 있습니다. DEFAULT를 쓰면 처음 값으로 "
    "돌아갑니다.",
)
SHOW_SETTINGS = Wording(
    "List what can be SET, with its value now.",
    "SET으로 변경할 수 있는 설정과 지금 값을 보여 줍니다.",
)
ROWS_SHOWN = Wording("rows of a table that are shown at once", "한 번에 보여 줄 테이블의 행 수")
SMALL_PICTURES = Wording("small pictures beside the paths in tables", "테이블의 경로 옆에 작은 사진 표시")
TILES_SHOWN = Wording("pictures that PRINT IMAGE shows at most", "PRINT IMAGE가 보여 줄 최대 사진 수")
PROGRESS_SHOWN = Wording(
    "bars with a button, a line of text, or nothing",
    "버튼이 있는 막대, 텍스트 한 줄, 또는 표시 안 함",
)

# -- SHOW VERSIONS
SHOW_VERSIONS = Wording(
    "Show the versions of a table, the newest first: each change made one. SELECT … FROM t VERSION n reads one, "
    "RESTORE t TO VERSION n brings it back. What it held before its last change stays until VACUUM, what it held "
    "before a DELETE, UPDATE or replacement for 24 hours (see the notice below the versions).",
    "테이블의 버전을 최신 순으로 보여 줍니다. 버전은 변경할 때마다 하나씩 생깁니다. SELECT … FROM t VERSION n으로 "
    "읽고 RESTORE t TO VERSION n으로 되돌립니다. 마지막 변경 전의 내용은 VACUUM을 실행할 때까지, DELETE, UPDATE 또는 "
    "교체 전의 내용은 24시간 동안 남습니다(버전 아래의 안내 참조).",
)

# -- TRANSFORM
TRANSFORM = Wording(
    "Change rows by a model. Not run by this kernel.",
    "모델로 행을 변환합니다. 이 커널은 실행하지 않습니다.",
)

# -- TRUNCATE
TRUNCATE = Wording(
    "Remove all rows of a table; its columns stay, with what is known of them.",
    "테이블의 모든 행을 삭제합니다. 컬럼과 컬럼에 대한 정보는 남습니다.",
)

# -- UPDATE
UPDATE = Wording(
    "Change columns of the rows for which the condition holds; of all rows without one. A vector that was "
    "made of a value goes with it: CONVERT makes the new one. A value that its column would round is an "
    "error. With FROM, rows of other tables may be named; where several of them would make different "
    "things of a row it is an error.",
    "조건에 맞는 행의 컬럼 값을 변경합니다. 조건이 없으면 모든 행을 변경합니다. 변경한 값에서 만든 벡터는 "
    "함께 없어지며, CONVERT로 새로 만듭니다. 컬럼에 넣으면 반올림되는 값은 오류입니다. FROM을 쓰면 다른 "
    "테이블의 행도 쓸 수 있으며, 여러 행이 한 행을 서로 다르게 변경하려고 하면 오류입니다.",
)

# -- UPLOAD MODEL
UPLOAD_MODEL = Wording(
    "Register a folder of a dual encoder of pictures and texts (CLIP, SigLIP, SigLIP 2, MetaCLIP 2 …) that "
    "transformers or sentence-transformers saved. Its weights must be safetensors: others can run code. Its vectors "
    "are columns named after it: name_emb.",
    "transformers나 sentence-transformers로 저장한, 사진과 텍스트를 함께 임베딩하는 모델(CLIP, SigLIP, SigLIP 2, "
    "MetaCLIP 2 등)의 폴더를 등록합니다. 가중치는 safetensors 파일이어야 합니다. 다른 형식은 코드를 실행할 수 "
    "있습니다. 벡터 컬럼의 이름은 이름_emb입니다.",
)
FRAMEWORK = Wording("what the model was made with", "모델을 만든 프레임워크")

# -- VACUUM
VACUUM = Wording(
    "Give disk space back: merge small files, drop deleted rows, old versions that nobody can be reading, "
    "and what killed writers left. Without a table: of every table, and of the cache of embeddings, where "
    "the vectors go that deleted models have made. Indexes of vectors take up rows that came later. Kernels do a "
    "little of it after each change by themselves.",
    "디스크 공간을 되찾습니다. 작은 파일을 합치고, 삭제된 행, 아무도 읽지 않는 이전 버전, 쓰다가 중단된 "
    "파일을 지웁니다. 테이블을 쓰지 않으면 모든 테이블과 임베딩 캐시를 정리하며, 삭제된 모델이 만든 벡터도 "
    "지웁니다. 벡터 인덱스는 나중에 추가된 행을 다루게 됩니다. 커널은 변경한 뒤마다 조금씩 스스로 정리합니다.",
)
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
REFRESH = Wording(
    "Bring a table up to date with the folder it was copied from: rows of new files are added, those of files that "
    "are gone removed, and files that were changed, renamed or moved keep their rows with all your columns. Then only "
    "what is new is embedded. Folders that cannot be reached lose no row.",
    "테이블을 원본 폴더와 맞춥니다. 새 파일의 행을 추가하고 없어진 파일의 행을 삭제하며, 바뀌거나 이름이 바뀌거나 옮긴 "
    "파일의 행은 직접 추가한 컬럼까지 그대로 둡니다. 그런 다음 새로 생긴 것만 임베딩합니다. 접근할 수 없는 폴더의 행은 "
    "삭제하지 않습니다.",
)
MISSING = Wording("what becomes of rows whose files are gone", "파일이 없어진 행을 삭제할지 그대로 둘지")
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
GENERATE = Wording(
    "Make texts or pictures. Not run by this kernel.",
    "텍스트나 사진을 생성합니다. 이 커널은 실행하지 않습니다.",
)
GET_DATASET = Wording(
    "Fetch a data set into thanosql-dataset/{{dataset}}/, with a csv that COPY reads.",
    "데이터 세트를 thanosql-dataset/{{dataset}}/에 내려받습니다. COPY로 읽을 수 있는 csv 파일이 들어 있습니다.",
)
GET_MODEL = Wording(
    "Fetch a model's weights, and register it under a name of your own. LIST THANOSQL MODEL says which there are; "
    "any other dual encoder of pictures and texts (CLIP, SigLIP, SigLIP 2, MetaCLIP 2 …) is fetched from the Hugging "
    "Face hub by 'owner/name', if it has safetensors weights and no code of its own.",
    "모델의 가중치를 내려받고 원하는 이름으로 등록합니다. 어떤 모델이 있는지는 LIST THANOSQL MODEL이 보여 줍니다. "
    "사진과 텍스트를 함께 임베딩하는 다른 모델(CLIP, SigLIP, SigLIP 2, MetaCLIP 2 등)은 safetensors 가중치가 있고 "
    "자체 코드가 필요 없으면 Hugging Face 허브의 '소유자/이름'으로 내려받습니다.",
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
AUDIO_COL = Wording("column with the paths of sounds", "소리 파일의 경로가 있는 컬럼")
VIDEO_COL = Wording("column with the paths of videos", "동영상의 경로가 있는 컬럼")
COPIED_COL = Wording("column with the pictures to copy", "복사할 사진이 있는 컬럼")
CONVERT_TYPE = Wording("what to embed", "임베딩할 것")
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
    "text or number": Wording("text or number", "텍스트 또는 숫자"),
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
