"""Where events may be sent."""

import pytest

from domain.receiver import Reach, is_public, receiver_url
from domain.unfit import Unfit

PUBLIC = Reach()


@pytest.mark.parametrize(
    "url",
    ["https://kiap.dk", "https://kiap.dk:8443/ind?kunde=7&a=%C3%A6", "https://93.184.216.34/", "https://a_b.kiap.dk./",
     "https://[2606:4700::1111]/x", "https://xn--lge-0na.dk/"],
)  # fmt: skip
def test_an_address_on_the_internet_by_https_is_one(url: str) -> None:
    assert receiver_url(url, PUBLIC) == url


@pytest.mark.parametrize(
    "url",
    ["", "kiap.dk", "https:kiap.dk", "https://", "https:///x", "ftp://kiap.dk", "https://kiap.dk:0", "https://kiap.dk:x",
     "https://kiap.dk:99999", "https://a..dk", "https://-a.dk", "https://læge.dk", "https://kiap.dk/a b",
     "https://kiap.dk\\@andre.dk/", "https://kiap.dk\n/", "https://[::1", "https://" + "a" * 254 + ".dk",
     "https://user@kiap.dk/", "https://:pw@kiap.dk", "https://kiap.dk/#her", "https://kiap.dk/" + "x" * 2000],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_both_languages(url: str) -> None:
    with pytest.raises(Unfit) as refused:
        receiver_url(url, Reach(plain_http=True, private=True))
    assert refused.value.danish.endswith(".")
    assert not url[8:] or url[8:] not in refused.value.english


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST", "app.localhost", "printer.local", "db.internal", "nas.lan", "127.0.0.1", "10.1.2.3",
     "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "[::1]", "[fd00::1]", "[::ffff:127.0.0.1]"],  # noqa: S104
)  # fmt: skip
def test_a_private_network_is_for_those_who_say_so_in_the_settings(host: str) -> None:
    with pytest.raises(Unfit, match="lukket net"):
        receiver_url(f"https://{host}/", PUBLIC)
    assert receiver_url(f"https://{host}/", Reach(private=True))


def test_plain_http_is_for_ones_own_machine() -> None:
    with pytest.raises(Unfit, match="https"):
        receiver_url("http://kiap.dk/", PUBLIC)
    assert receiver_url("http://kiap.dk/", Reach(plain_http=True)) == "http://kiap.dk/"


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "100.64.0.1", "169.254.169.254", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1",
     "255.255.255.255", "0.0.0.0", "::", "::1", "fe80::1%eth0", "fd00::1", "ff02::1", "2001:db8::1",  # noqa: S104
     "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001:0:a00:1::"],
)  # fmt: skip
def test_these_addresses_are_not_the_internets(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"])
def test_these_are(address: str) -> None:
    assert is_public(address)
