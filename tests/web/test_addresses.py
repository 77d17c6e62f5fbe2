"""No address in a table leads into the user's own network, however it is written, resolved or redirected."""

from __future__ import annotations

import pytest
from picture_server import PictureServer, picture

from thanosql_kernel.web.addresses import Reach, Refused, Unreachable, is_allowed
from thanosql_kernel.web.client import Client, shown
from thanosql_kernel.web.pictures import WebPictures

PRIVATE = """
127.0.0.1 127.8.9.10 0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.168.178.1
169.254.169.254 169.254.0.1 100.64.0.1 100.127.255.254 192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1
224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
::1 :: fe80::1 fe80::1%eth0 fc00::1 fd12:3456::1 fec0::1 ff02::1 ff0e::1 2001:db8::1
::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:a9fe:a9fe ::127.0.0.1 ::10.0.0.1
64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b::10.0.0.1 2002:7f00:1:: 2002:a00:1:: 2002:c0a8:101::1
2001:0:7f00:1::1 fd00:ec2::254 not-an-address
""".split()
PUBLIC = "1.1.1.1 8.8.8.8 93.184.216.34 172.15.0.1 172.32.0.1 192.167.1.1 100.63.0.1 100.128.0.1 2606:4700::1111".split()
LINK_LOCAL = [
    "169.254.169.254",
    "fe80::1",
    "::ffff:169.254.169.254",
    "224.0.0.1",
    "0.0.0.0",
    "::",
    "240.0.0.1",
]
OF_THE_INTRANET = [
    "127.0.0.1",
    "10.0.0.1",
    "192.168.0.1",
    "172.16.0.1",
    "::1",
    "fd12::1",
    "100.64.0.1",
    "1.1.1.1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_of_the_internet_is_not_asked(address: str) -> None:
    assert not is_allowed(address, Reach.PUBLIC)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet_is(address: str) -> None:
    assert is_allowed(address, Reach.PUBLIC)


def test_what_the_user_wrote_may_be_of_an_intranet_but_no_door_to_credentials() -> None:
    assert [it for it in OF_THE_INTRANET if not is_allowed(it, Reach.INTRANET)] == []
    assert [it for it in LINK_LOCAL if is_allowed(it, Reach.INTRANET)] == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.png",
        "http://2130706433/a.png",
        "http://0x7f.1/a.png",
        "http://0177.0.0.1/a.png",
        "http://127.1/a.png",
        "http://[::1]/a.png",
        "http://[::ffff:127.0.0.1]/a.png",
        "http://localhost/a.png",
        "http://localhost./a.png",
        "HTTP://USER:PASS@127.0.0.1:80/a.png",
        "http://169.254.169.254/latest/meta-data",
    ],
)
def test_this_machine_is_not_asked_however_it_is_written(url: str) -> None:
    with pytest.raises(Refused) as caught, Client().get(url, reach=Reach.PUBLIC):
        pass
    assert "PASS" not in caught.value.reason


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://host/a", "gopher://host/", "//host/a", "http:///a", "http://[x/"]
)
def test_other_schemes_and_what_is_no_address_are_refused(url: str) -> None:
    with pytest.raises(Refused), Client().get(url, reach=Reach.ANYWHERE):
        pass


def test_one_private_answer_among_public_ones_is_enough_to_refuse(server: PictureServer) -> None:
    client = Client(resolve=lambda host, port: ["1.1.1.1", "10.0.0.1"])
    with pytest.raises(Refused), client.get("http://photos.example/a.png", reach=Reach.PUBLIC):
        pass


def test_a_host_is_looked_up_once_and_that_answer_connected_to(server: PictureServer) -> None:
    server.serve("/a.png", picture(1))
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    client = Client(resolve=lambda host, port: next(answers))
    with client.get(f"http://photos.example:{server.port}/a.png", reach=Reach.ANYWHERE) as response:
        assert response.status == 200
    assert server.asked[0][1]["Host"] == f"photos.example:{server.port}"
    assert next(answers) == ["10.0.0.1"]


@pytest.mark.parametrize(
    "place", ["http://10.0.0.1/a.png", "http://metadata.example/a.png", "file:///etc/passwd"]
)
def test_a_redirect_from_the_internet_into_a_network_is_not_followed(
    server: PictureServer, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.redirect("/a.png", place)
    hosts = {
        "photos.example": ["127.0.0.1"],
        "metadata.example": ["169.254.169.254"],
        "10.0.0.1": ["10.0.0.1"],
    }
    client = Client(resolve=lambda host, port: hosts[host])
    as_before = is_allowed
    monkeypatch.setattr(
        "thanosql_kernel.web.addresses.is_allowed",
        lambda it, reach: it == "127.0.0.1" or as_before(it, reach),
    )
    with pytest.raises(Refused), client.get(f"http://photos.example:{server.port}/a.png", reach=Reach.PUBLIC):
        pass
    assert server.paths() == ["/a.png"]


def test_a_server_of_the_internet_sends_nobody_into_the_intranet() -> None:
    assert Reach.INTRANET.after_redirect(was_public=True) is Reach.PUBLIC
    assert Reach.INTRANET.after_redirect(was_public=False) is Reach.INTRANET
    assert Reach.ANYWHERE.after_redirect(was_public=True) is Reach.ANYWHERE


def test_redirects_end(server: PictureServer) -> None:
    url = server.redirect("/a.png", "/a.png")
    with pytest.raises(Unreachable, match="redirects without end"), Client().get(url, reach=Reach.ANYWHERE):
        pass
    assert len(server.asked) == 6


def test_a_password_goes_to_its_own_server_alone_and_cookies_to_none(server: PictureServer) -> None:
    server.redirect("/a.png", f"http://localhost:{server.port}/b.png")
    server.serve("/b.png", picture(1), Set_Cookie="a=b")
    url = f"http://user:secret@127.0.0.1:{server.port}/a.png"
    client = Client(resolve=lambda host, port: ["127.0.0.1"])
    for _ in range(2):
        with client.get(url, reach=Reach.ANYWHERE) as response:
            assert response.status == 200
    (_, first), (_, second), *_ = server.asked
    assert "authorization" in first
    assert "authorization" not in second
    assert not any("cookie" in {name.lower() for name in headers} for _, headers in server.asked)
    assert shown(url) == "127.0.0.1/a.png"


def test_the_setting_opens_the_network_and_only_that(
    world_settings: dict[str, object], server: PictureServer
) -> None:
    from thanosql_kernel.web.pictures import web_pictures

    url = server.serve("/a.png", picture(1))
    web: WebPictures = web_pictures(world_settings.__getitem__)
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1 is an address of a private network"):
        web.read(url)
    assert server.asked == []
    world_settings["network.private"] = True
    web.patience_s = 0.0
    assert web.read(url) == picture(1)
    web.kept.close()


@pytest.fixture
def world_settings(tmp_path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return {"network.private": False, "network.cache_mb": 100}
