"""What an address stands for, however it is spelled: this machine, a neighbour, the world, or a cloud's secrets."""

import pytest
from pydantic import SecretStr

from core.errors import ModelError
from core.provider import clean_base_url, is_local, openai_client
from core.schema import Provider

METADATA = [
    *("169.254.169.254", "0xa9fea9fe", "0xA9FEA9FE", "2852039166", "025177524776", "169.254.43518", "169.16689662"),
    *("0xa9.0xfe.0xa9.0xfe", "0251.0376.0251.0376", "169.254.169.254.", "169.254.170.2", "169.254.170.23"),
    *("[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[0:0:0:0:0:ffff:a9fe:a9fe]", "[::169.254.169.254]"),
    *("[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::1]", "[fd00:ec2::254]", "[FD00:EC2::254]", "[fd00:ec2:0::254%25eth0]"),
    *("100.100.100.200", "192.0.0.192", "168.63.129.16", "[fd20:ce::254]", "metadata.google.internal", "METADATA"),
    *(
        "metadata.google.internal.",
        "instance-data",
        "１６９.254.169.254",
        "169。254。169。254",
        "169%2e254%2e169%2e254",
    ),
]
LOCAL = [
    *(
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "0x7f000001",
        "0x7F.1",
        "2130706433",
        "017700000001",
        "0177.0.0.1",
        "127.0.0.1.",
    ),
    *("[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "0.0.0.0", "0", "localhost", "LOCALHOST"),
    *("localhost.", "api.localhost", "ollama", "box.local", "host.docker.internal", "10.1.2.3", "192.168.1.20", "10.1"),
    *("172.16.0.9", "0xc0a80114", "[fd12:3456::1]", "[fe80::1%25eth0]", "[::ffff:192.168.1.20]", "１２７.0.0.1"),
]
HOSTED = [
    "api.openai.com",
    "8.8.8.8",
    "0x08080808",
    "134744072",
    "[2606:4700::1111]",
    "[::ffff:8.8.8.8]",
    "1.2.3.4.5.com",
]


@pytest.mark.parametrize("host", METADATA)
@pytest.mark.parametrize("around", ["{}", "http://{}/v1", "https://{}:8080/latest/meta-data"])
def test_where_a_cloud_keeps_its_secrets_is_never_asked(host: str, around: str) -> None:
    with pytest.raises(ModelError) as refused:
        clean_base_url(around.format(host))
    assert refused.value.code == "address"
    with pytest.raises(ModelError):
        openai_client(Provider(around.format(host), SecretStr("sk-test"), "m"))


@pytest.mark.parametrize("host", LOCAL)
def test_this_machine_and_its_network_are_known_in_every_spelling(host: str) -> None:
    assert is_local(f"https://{host}:11434/v1")
    assert clean_base_url(f"{host}:11434").startswith("http://"), "a pasted address without a scheme"


@pytest.mark.parametrize("host", HOSTED)
def test_the_world_is_not_taken_for_local(host: str) -> None:
    assert not is_local(f"https://{host}/v1")
    assert clean_base_url(host).startswith("https://")


@pytest.mark.parametrize("host", ["256.256.256.256", "1.2.3.4.5", "0x", "0xg", "99999999999", "127.0.0.1.5", "08.1"])
def test_numbers_that_are_no_address_are_taken_as_a_name(host: str) -> None:
    assert clean_base_url(f"https://{host}/v1") == f"https://{host}/v1"
