"""Short phrases in English and Korean that teach the text side everyday words.

Captions are long and English; people search with "mountains" or "검은 고양이". `CONCEPTS` gives generic names to
groups of ImageNet classes, `parallel_phrases` combines a small vocabulary into translated phrases, and `CONTRASTS`
says what else a photo's caption could have said.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

# (English, Korean, ImageNet classes by their first names in the class list)
CONCEPTS: tuple[tuple[str, str, str], ...] = (
    ("a cat", "고양이", "tabby|tiger cat|Persian cat|Siamese cat|Egyptian cat"),
    (
        "a dog",
        "개",
        "Labrador retriever|golden retriever|beagle|German shepherd|Border collie|Shetland sheepdog",
    ),
    ("a puppy", "강아지", "Chihuahua|Pomeranian|toy poodle|Maltese dog"),
    ("a bird", "새", "robin|jay|magpie|chickadee|goldfinch|indigo bunting|bulbul"),
    ("an owl", "부엉이", "great grey owl"),
    ("an eagle", "독수리", "bald eagle|kite"),
    ("a parrot", "앵무새", "macaw|lorikeet|sulphur-crested cockatoo"),
    ("a chicken", "닭", "cock|hen"),
    ("a duck", "오리", "drake|red-breasted merganser"),
    ("a swan", "백조", "black swan"),
    ("a penguin", "펭귄", "king penguin"),
    ("a fish", "물고기", "goldfish|tench|anemone fish|rock beauty|coho"),
    ("a shark", "상어", "great white shark|tiger shark|hammerhead"),
    ("a whale", "고래", "killer whale|grey whale"),
    ("a jellyfish", "해파리", "jellyfish"),
    ("a crab", "게", "Dungeness crab|rock crab|fiddler crab|king crab"),
    ("a turtle", "거북이", "leatherback turtle|mud turtle|box turtle|terrapin|loggerhead"),
    ("a snake", "뱀", "green snake|king snake|garter snake|water snake|boa constrictor"),
    ("a lizard", "도마뱀", "green lizard|American chameleon|agama|common iguana"),
    ("a frog", "개구리", "bullfrog|tree frog|tailed frog"),
    ("a crocodile", "악어", "African crocodile|American alligator"),
    ("a spider", "거미", "black and gold garden spider|barn spider|garden spider|black widow|tarantula"),
    ("a butterfly", "나비", "monarch|cabbage butterfly|sulphur butterfly|admiral|ringlet|lycaenid"),
    ("a bee", "벌", "bee"),
    ("a bear", "곰", "brown bear|American black bear|sloth bear"),
    ("a polar bear", "북극곰", "ice bear"),
    ("a panda", "판다", "giant panda"),
    ("a wolf", "늑대", "timber wolf|white wolf|red wolf"),
    ("a fox", "여우", "red fox|kit fox|Arctic fox|grey fox"),
    ("a lion", "사자", "lion"),
    ("a tiger", "호랑이", "tiger"),
    ("a leopard", "표범", "leopard|snow leopard|jaguar|cheetah"),
    ("an elephant", "코끼리", "Indian elephant|African elephant"),
    ("a horse", "말", "sorrel"),
    ("a zebra", "얼룩말", "zebra"),
    ("a cow", "소", "ox"),
    ("a pig", "돼지", "hog"),
    ("a sheep", "양", "ram"),
    ("a camel", "낙타", "Arabian camel"),
    ("a rabbit", "토끼", "wood rabbit|hare|Angora"),
    ("a squirrel", "다람쥐", "fox squirrel"),
    ("a monkey", "원숭이", "macaque|baboon|proboscis monkey|squirrel monkey|capuchin"),
    ("a beach", "해변", "seashore|sandbar"),
    ("the sea", "바다", "seashore|sandbar|promontory"),
    ("a lake", "호수", "lakeside"),
    ("mountains", "산", "alp|volcano"),
    ("a valley", "계곡", "valley"),
    ("a cliff", "절벽", "cliff"),
    ("an island", "섬", "promontory|sandbar"),
    ("flowers", "꽃", "daisy|yellow lady's slipper|rapeseed"),
    ("a mushroom", "버섯", "mushroom|agaric|bolete"),
    ("fruit", "과일", "strawberry|orange|lemon|banana|pineapple|fig|pomegranate"),
    ("a strawberry", "딸기", "strawberry"),
    ("a banana", "바나나", "banana"),
    ("vegetables", "채소", "broccoli|cauliflower|zucchini|cucumber|bell pepper|head cabbage"),
    ("bread", "빵", "French loaf|bagel|pretzel"),
    ("food on a plate", "접시에 담긴 음식", "plate|meat loaf|carbonara|burrito"),
    ("pizza", "피자", "pizza"),
    ("ice cream", "아이스크림", "ice cream"),
    ("coffee", "커피", "espresso|coffee mug|espresso maker"),
    ("a cup", "컵", "cup|coffee mug"),
    ("wine", "와인", "red wine|goblet|wine bottle"),
    ("a beer", "맥주", "beer glass|beer bottle"),
    ("a car", "자동차", "sports car|convertible|beach wagon|limousine|cab|minivan"),
    ("a vintage car", "옛날 자동차", "Model T|convertible"),
    ("a bus", "버스", "school bus|minibus|trolleybus"),
    ("a truck", "트럭", "trailer truck|pickup|moving van|garbage truck"),
    ("a fire engine", "소방차", "fire engine"),
    ("a train", "기차", "bullet train|electric locomotive|steam locomotive|passenger car"),
    ("a bicycle", "자전거", "mountain bike|bicycle-built-for-two"),
    ("a motorcycle", "오토바이", "motor scooter|moped"),
    ("an airplane", "비행기", "airliner|warplane"),
    ("a boat", "배", "speedboat|lifeboat|canoe|gondola|yawl"),
    ("a ship", "큰 배", "liner|container ship"),
    ("a sailing boat", "돛단배", "yawl|schooner|catamaran|trimaran"),
    ("a hot-air balloon", "열기구", "balloon"),
    ("a church", "교회", "church|bell cote"),
    ("a temple", "사원", "mosque|stupa"),
    ("a castle", "성", "castle|palace"),
    ("a tower", "탑", "obelisk|beacon"),
    ("a lighthouse", "등대", "beacon"),
    ("a bridge", "다리", "steel arch bridge|suspension bridge|viaduct"),
    ("a fountain", "분수", "fountain"),
    ("a farm", "농장", "barn"),
    ("a house", "집", "mobile home|boathouse|barn"),
    ("a road sign", "도로 표지판", "street sign"),
    ("a shop", "가게", "grocery store|shoe shop|bakery|confectionery|bookshop|toyshop"),
    ("a restaurant", "식당", "restaurant"),
    ("a library", "도서관", "library|bookshop|bookcase"),
    ("books", "책", "library|bookshop|bookcase|book jacket"),
    ("a chair", "의자", "folding chair|rocking chair|throne|barber chair"),
    ("a table", "탁자", "dining table|desk"),
    ("a sofa", "소파", "studio couch"),
    ("a bed", "침대", "four-poster|quilt"),
    ("a bedroom", "침실", "four-poster|quilt"),
    ("a kitchen", "부엌", "refrigerator|stove|microwave|dishwasher"),
    ("a bathroom", "욕실", "washbasin|bathtub|toilet seat"),
    ("a lamp", "램프", "table lamp|lampshade"),
    ("a clock", "시계", "analog clock|wall clock|digital clock"),
    ("a computer", "컴퓨터", "laptop|notebook|desktop computer"),
    ("a telephone", "전화기", "dial telephone|cellular telephone|pay-phone"),
    ("a camera", "카메라", "reflex camera|Polaroid camera"),
    ("a guitar", "기타", "acoustic guitar|electric guitar"),
    ("a piano", "피아노", "grand piano|upright"),
    ("a ball", "공", "soccer ball|tennis ball|volleyball|basketball|baseball"),
    ("an umbrella", "우산", "umbrella"),
    ("shoes", "신발", "running shoe|Loafer|sandal|clog"),
    ("a hat", "모자", "cowboy hat|sombrero|bonnet"),
    ("a wedding", "결혼식", "groom|gown"),
    ("a candle", "촛불", "candle"),
    ("a vase", "꽃병", "vase"),
    ("a potted plant", "화분", "pot"),
    ("a window", "창문", "window shade|window screen"),
    ("a city", "도시", "palace|steel arch bridge|suspension bridge|dome|triumphal arch|cinema|mosque"),
    ("a flame", "불꽃", "matchstick|candle|torch"),
)

_SUBJECTS = (
    *(("a man", "남자"), ("a woman", "여자"), ("a child", "아이"), ("a boy", "소년"), ("a girl", "소녀")),
    *(("a dog", "개"), ("two dogs", "개 두 마리"), ("a cat", "고양이"), ("people", "사람들")),
    *(("children", "아이들"), ("a baby", "아기"), ("a horse", "말"), ("a bird", "새")),
    *(("a black dog", "검은 개"), ("a white cat", "하얀 고양이"), ("two men", "두 남자")),
)
_ACTIONS = (
    *(("running", "달리는"), ("jumping", "점프하는"), ("sitting", "앉아 있는"), ("standing", "서 있는")),
    *(("sleeping", "자는"), ("playing", "노는"), ("swimming", "수영하는"), ("walking", "걷는")),
    *(
        ("smiling", "웃는"),
        ("eating", "먹는"),
        ("climbing", "올라가는"),
        ("riding a bicycle", "자전거를 타는"),
    ),
    *(("playing football", "축구하는"), ("catching a ball", "공을 잡는"), ("dancing", "춤추는")),
)
_PLACES = (
    *(("in the park", "공원에서"), ("on the beach", "해변에서"), ("in the snow", "눈 속에서")),
    *(("in the water", "물속에서"), ("on the grass", "잔디 위에서"), ("in the street", "거리에서")),
    *(
        ("in the mountains", "산에서"),
        ("at night", "밤에"),
        ("in a field", "들판에서"),
        ("indoors", "실내에서"),
    ),
    *(("in the forest", "숲에서"), ("by the lake", "호숫가에서"), ("on a chair", "의자 위에서")),
)
_COLOURS = (
    *(("black", "검은"), ("white", "하얀"), ("red", "빨간"), ("blue", "파란"), ("green", "초록색")),
    *(("yellow", "노란"), ("brown", "갈색"), ("grey", "회색"), ("orange", "주황색"), ("pink", "분홍색")),
)
_THINGS = (
    *(("cat", "고양이"), ("dog", "개"), ("car", "자동차"), ("bird", "새"), ("flower", "꽃"), ("house", "집")),
    *(
        ("shirt", "셔츠"),
        ("dress", "드레스"),
        ("ball", "공"),
        ("boat", "배"),
        ("chair", "의자"),
        ("wall", "벽"),
    ),
    *(
        ("bicycle", "자전거"),
        ("horse", "말"),
        ("hat", "모자"),
        ("room", "방"),
        ("sofa", "소파"),
        ("bus", "버스"),
    ),
)
_SCENES = (
    *(("a city", "도시"), ("a street", "거리"), ("the sea", "바다"), ("a lake", "호수"), ("a forest", "숲")),
    *(
        ("mountains", "산"),
        ("a park", "공원"),
        ("a house", "집"),
        ("a bridge", "다리"),
        ("a village", "마을"),
    ),
)
_MOODS = (
    *(("{} at night", "밤의 {}"), ("{} at sunset", "노을 지는 {}"), ("{} in winter", "겨울의 {}")),
    *(("{} in autumn", "가을의 {}"), ("{} in the fog", "안개 낀 {}"), ("{} in the snow", "눈 덮인 {}")),
    *(
        ("{} in the rain", "비 오는 {}"),
        ("{} in the morning", "아침의 {}"),
        ("a gloomy photo of {}", "우울한 {} 사진"),
    ),
    *(
        ("{} in summer", "여름의 {}"),
        ("a photo of {}", "{} 사진"),
        ("an aerial view of {}", "하늘에서 본 {}"),
    ),
)


def parallel_phrases() -> list[tuple[str, str]]:
    """About 3,500 (English, Korean) pairs."""
    pairs = [(english, korean) for english, korean, _ in CONCEPTS]
    pairs += [
        (f"{s} {a} {p}", f"{q} {b} {t}") for (s, t), (a, b), (p, q) in product(_SUBJECTS, _ACTIONS, _PLACES)
    ]
    pairs += [(f"{s} {a}", f"{b} {t}") for (s, t), (a, b) in product(_SUBJECTS, _ACTIONS)]
    pairs += [(f"a {c} {t}", f"{d} {u}") for (c, d), (t, u) in product(_COLOURS, _THINGS)]
    pairs += [(m.format(s), n.format(t)) for (m, n), (s, t) in product(_MOODS, _SCENES)]
    return list(dict.fromkeys(pairs))


@dataclass(frozen=True)
class Contrast:
    """Two things that pictures of much the same content can be.

    Attributes:
        words: a photo whose captions say one of these (a pattern) is the first; twice for certain.
        others: a photo whose captions say one of these is the second; None if every other photo is.
        doubtful: a photo whose captions say one of these is not taken for the second.
        pairs: texts of the first and of the second.
        ending: what makes any caption one of the first.
    """

    words: str
    others: str | None
    doubtful: str
    pairs: tuple[tuple[str, str], ...]
    ending: str = ""


_AT_NIGHT = (
    *(("a city", "도시"), ("a street", "거리"), ("the sea", "바다"), ("a bridge", "다리"), ("a tower", "탑")),
    *(
        ("buildings", "건물"),
        ("a town", "마을"),
        ("people", "사람들"),
        ("a road", "도로"),
        ("cars", "자동차"),
    ),
    *(("a church", "교회"), ("a castle", "성"), ("a harbour", "항구"), ("a river", "강"), ("a park", "공원")),
    *(("a shop", "가게"), ("a house", "집"), ("city", "시내"), ("a man", "남자"), ("children", "아이들")),
)
_NIGHT_AND_DAY = (
    *(("{e} at night", "{e}"), ("{e} at night", "{e} during the day"), ("night view of {e}", "view of {e}")),
    *(
        ("밤의 {k}", "{k}"),
        ("밤의 {k}", "낮의 {k}"),
        ("{k} 야경", "{k} 풍경"),
        ("밤에 찍은 {k}", "낮에 찍은 {k}"),
    ),
)
_NIGHT = (
    *(("night", "day"), ("밤", "낮"), ("야경", "풍경"), ("at night", "in daylight"), ("밤 풍경", "낮 풍경")),
    *(("a night scene", "a scene by day"), ("night lights", "sunlight")),
)
_BEACH = (
    *(("a beach", "a lake"), ("beach", "lake"), ("the sea", "a lake"), ("the ocean", "a pond")),
    *(("the seaside", "the lakeside"), ("a sandy beach", "a pier on a lake"), ("a beach", "boats on a lake")),
    *(("people on the beach", "people by the lake"), ("해변의 사람들", "호숫가의 사람들"), ("해변", "호수")),
    *(("해변", "호숫가"), ("바닷가", "호숫가"), ("바다", "호수"), ("모래사장", "선착장")),
    *(("바다 풍경", "호수 풍경"), ("해변", "호수의 배")),
)

CONTRASTS: tuple[Contrast, ...] = (
    Contrast(
        words="night|nighttime|nightclub|neon|fireworks",
        others=None,
        doubtful="dark|evening|lights|lit|club|concert|stage|sunset|dusk",
        pairs=(
            *(
                (first.format(e=e, k=k), second.format(e=e, k=k))
                for e, k in _AT_NIGHT
                for first, second in _NIGHT_AND_DAY
            ),
            *_NIGHT * 3,
        ),
        ending=" at night",
    ),
    Contrast(
        words="beach|ocean|sea|seashore|surfer|surfing|waves?",
        others="lake|pond|river|dock|pier|canoe|kayak|kayaker",
        doubtful="",
        pairs=_BEACH,
    ),
)
