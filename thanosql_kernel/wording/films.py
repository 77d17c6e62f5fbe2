"""Films: what is said of them."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

# -- why a film cannot be read ---------------------------------------------------------------------------------
NO_FILM = Wording("not a film", "동영상 파일이 아닙니다")
NO_INDEX = Wording(
    "a film that is damaged, or cut off before its contents are listed",
    "동영상 파일이 손상되었거나 색인 앞에서 끊겼습니다",
)
ONLY_SOUND = Wording("sound without pictures", "화면 없이 소리만 있습니다")
NO_PICTURES = Wording("no pictures in it", "화면이 없습니다")
UNKNOWN_CODEC = Wording("its pictures are coded in an unknown way", "화면의 코덱을 알 수 없습니다")
NO_FRAME = Wording("none of its pictures can be decoded", "화면을 하나도 읽을 수 없습니다")
BREAKS_OFF = Wording("breaks off at {at} of {length}", "{length} 중 {at}에서 끊겼습니다")
BREAKS = Wording("breaks off at {at}", "{at}에서 끊겼습니다")
# -- statements ----------------------------------------------------------------------------------------------
OTHER_FRAMES = Wording(
    "column {column} and the rows given stand for other frames of their films",
    "{column} 컬럼과 넣으려는 행은 동영상에서 프레임을 고르는 방식이 다릅니다",
)
INTERVAL = Wording(
    "seconds from one frame of a video that is embedded to the next, 1 in a new column; with scenes=True the most, 10",
    "동영상에서 임베딩할 프레임의 간격(초). 새 컬럼이면 1, scenes=True이면 가장 긴 간격으로 10",
)
SCENES = Wording(
    "True: frames of a video where its scenes begin are embedded",
    "True: 동영상에서 장면이 시작하는 프레임을 임베딩합니다",
)
FRAMES_OF_NO_FILM = Wording(
    "{option} is of videos, and others are embedded",
    "{option} 옵션은 동영상에만 쓰는데 다른 것을 임베딩합니다",
)
NAME_VIDEO_COL = Wording(
    "name the column with the paths: video_col='video_path'",
    "경로 컬럼을 video_col='video_path'로 지정하십시오",
)
VIEWS_OF_FILMS = Wording(
    "views are of pictures, and videos are embedded", "views는 사진에만 쓰는데 동영상을 임베딩합니다"
)
CUT_SHORT = Wording(
    "{things} was embedded though a part of it is missing:", "{things}은(는) 일부가 없는 채로 임베딩했습니다:"
)
SEVERAL_CUT_SHORT = Wording(
    "{things} were embedded though a part of each is missing:",
    "{things}은(는) 일부가 없는 채로 임베딩했습니다:",
)
EVERY = Wording("{made}, a frame every {seconds} s", "{made}, {seconds}초마다 한 프레임")
AT_SCENES = Wording(
    "{made}, a frame for each scene and every {seconds} s",
    "{made}, 장면마다 그리고 {seconds}초마다 한 프레임",
)
# -- SEARCH VIDEO --------------------------------------------------------------------------------------------
SEARCH_VIDEO = Wording(
    "How similar each video's best frame is to a text or picture, and at which second it is shown: the rows get "
    "…_similarity1 and …_similarity1_second. The frames must have been converted: CONVERT with video_col.",
    "동영상마다 텍스트나 사진과 가장 비슷한 프레임의 유사도와 그 프레임이 나오는 초를 구합니다. "
    "행에 …_similarity1 컬럼과 …_similarity1_second 컬럼이 추가됩니다. "
    "먼저 CONVERT 문에 video_col을 써서 프레임을 변환해야 합니다.",
)
MOMENTS = Wording(
    "True: a row for each moment of a video that is near its best one, with …_start and …_end",
    "True: 동영상에서 가장 비슷한 순간과 가까운 순간마다 한 행을 만들고 …_start, …_end 컬럼을 추가합니다",
)
MOMENTS_OF_ONE = Wording("moments are those of one input", "moments 옵션에는 입력을 하나만 쓸 수 있습니다")
FRAMES_OF_FILMS = Wording(
    "column {column} stands for frames of videos", "{column} 컬럼은 동영상의 프레임을 나타냅니다"
)
SEARCH_VIDEO_INSTEAD = Wording("SEARCH VIDEO looks among them", "SEARCH VIDEO 문으로 찾으십시오")
NO_FILMS = Wording(
    "column {column} does not stand for frames of videos",
    "{column} 컬럼은 동영상의 프레임을 나타내지 않습니다",
)
CONVERT_FILMS = Wording(
    "CONVERT USING {model} OPTIONS(video_col='video_path') AS … makes such a column",
    "CONVERT USING {model} OPTIONS(video_col='video_path') AS … 문으로 그런 컬럼을 만드십시오",
)
# -- clips ---------------------------------------------------------------------------------------------------
CLIPS_FOLDER = "{film}_clips"
CUTTING = Wording("cutting {film}", "{film} 자르기")
VIDEO_TO_DF = Wording(
    "Cut a video into clips of equal length in a folder, and make a row of each: its path and where it begins and "
    "ends. A video whose keyframes fit is copied, any other coded again.",
    "동영상을 같은 길이의 클립으로 잘라 폴더에 저장하고, 클립마다 경로와 시작 초, 끝 초를 한 행으로 만듭니다. "
    "키프레임이 맞으면 그대로 복사하고, 아니면 다시 인코딩합니다.",
)
METHOD = Wording("how the video is cut", "동영상을 자르는 방법")
CLIP_LENGTH = Wording("length of a clip in seconds", "클립의 길이(초)")
CLIP_COLUMN = Wording("column with the paths of clips", "클립의 경로를 넣을 컬럼")
RESULT_DIR = Wording("folder for the clips, which is made", "클립을 저장할 폴더. 없으면 만듭니다")
GETS_CLIPS = Wording("rows of clips", "클립의 행")
FROM_A_FILM = Wording(
    "{function} takes the path of a video, not a query",
    "{function} 함수에는 쿼리가 아니라 동영상의 경로를 씁니다",
)
WRITE_FROM = Wording("write FROM 'film.mp4' behind its options", "옵션 뒤에 FROM 'film.mp4'를 쓰십시오")
# -- PRINT VIDEO ---------------------------------------------------------------------------------------------
AT = Wording("{path} at {time}", "{path} {time}")
BY_SIMILARITY_ALONE = Wording(
    "films are ordered by similarity alone: search among pictures for the rest",
    "동영상은 유사도 순서로만 찾습니다. 나머지는 사진 검색에서 쓸 수 있습니다",
)
