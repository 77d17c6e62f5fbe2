"""What is said about pictures in data and on the web."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

# -- why a picture of the web cannot be had ------------------------------------------------------------------
PRIVATE = Wording(
    "{host} is an address of a private network, which is not asked (SET network.private = on allows it)",
    "{host}은(는) 사설 네트워크의 주소이므로 요청하지 않습니다(SET network.private = on으로 허용할 수 있습니다)",
)
OTHER_SCHEME = Wording("only http and https addresses are fetched", "http와 https 주소만 가져올 수 있습니다")
NO_ADDRESS = Wording("not an address", "올바른 주소가 아닙니다")
TOO_MANY_REDIRECTS = Wording("the server redirects without end", "서버가 끝없이 다른 주소로 보냅니다")
ANSWERED = Wording("the server answered {status}", "서버가 {status} 응답을 보냈습니다")
TOO_BUSY = Wording("the server is too busy ({status})", "서버가 너무 바쁩니다({status})")
TOO_SLOW = Wording(
    "the server did not send all of it within {seconds} s", "서버가 {seconds}초 안에 모두 보내지 않았습니다"
)
TOO_LARGE = Wording("more than {megabytes} MB", "{megabytes} MB가 넘습니다")
ENDED = Wording(
    "the connection ended after {done} of {total} bytes",
    "{total}바이트 가운데 {done}바이트를 받은 뒤 연결이 끊겼습니다",
)
NO_PICTURE = Wording("the server sent no picture ({kind})", "서버가 사진이 아닌 것을 보냈습니다({kind})")
NOTHING = Wording("the server sent nothing", "서버가 빈 응답을 보냈습니다")
BROKEN = Wording("the answer is broken", "응답이 손상되었습니다")
NO_CERTIFICATE = Wording("the server's certificate cannot be verified", "서버의 인증서를 확인할 수 없습니다")

# -- pictures that stand in the data -------------------------------------------------------------------------
DATA_URL = Wording(
    "this data: address cannot be read: {reason}", "이 data: 주소를 읽을 수 없습니다: {reason}"
)
NO_COMMA = Wording("it has no comma", "쉼표가 없습니다")
NO_BASE64 = Wording("it is no base64", "base64가 아닙니다")
PICTURE_BYTES = Wording("<{size} {kind}>", "<{size} {kind}>")
READING = Wording("reading {column}", "{column} 읽는 중")
IN_ROW = Wording("the picture in row {row:,}", "{row:,}행의 사진")

# -- settings ------------------------------------------------------------------------------------------------
PRIVATE_NETWORK = Wording(
    "whether pictures are fetched from addresses of private networks and of this machine",
    "사설 네트워크와 이 컴퓨터의 주소에서도 사진을 가져올지 여부",
)
CACHE_MB = Wording(
    "megabytes of pictures from the web that are kept on this computer",
    "이 컴퓨터에 보관할 웹 사진의 최대 크기(메가바이트)",
)
