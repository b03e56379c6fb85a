"""What a host may write as Weaviate's address, and what is refused in words."""

import pytest

from core.errors import StoreError
from core.store.weaviate.address import Address, addresses


@pytest.mark.parametrize(
    ("url", "grpc", "expected"),
    [
        ("http://localhost:8080", "", Address("localhost", 8080, False, "localhost", 50051)),
        ("localhost", "", Address("localhost", 8080, False, "localhost", 50051)),
        ("weaviate:9090", "", Address("weaviate", 9090, False, "weaviate", 50051)),
        (' "http://10.0.0.5:8080/" ', "", Address("10.0.0.5", 8080, False, "10.0.0.5", 50051)),
        ("http://host/v1/meta", "", Address("host", 8080, False, "host", 50051)),
        ("https://search.example.com", "", Address("search.example.com", 443, True, "search.example.com", 443)),
        ("HTTPS://Search.Example.com:8443", "", Address("search.example.com", 8443, True, "search.example.com", 443)),
        ("search.example.com:443", "", Address("search.example.com", 443, True, "search.example.com", 443)),
        ("x1.weaviate.cloud", "", Address("x1.weaviate.cloud", 443, True, "grpc-x1.weaviate.cloud", 443)),
        ("https://x1.weaviate.cloud/", "", Address("x1.weaviate.cloud", 443, True, "grpc-x1.weaviate.cloud", 443)),
        ("http://localhost:8080", "50052", Address("localhost", 8080, False, "localhost", 50052)),
        ("http://localhost:8080", "other:50052", Address("localhost", 8080, False, "other", 50052)),
        ("http://localhost:8080", "other", Address("localhost", 8080, False, "other", 50051)),
        ("http://[::1]:8080", "", Address("::1", 8080, False, "::1", 50051)),
    ],
)
def test_addresses_are_taken_apart(url: str, grpc: str, expected: Address) -> None:
    assert addresses(url, grpc) == [expected]


def test_several_addresses_with_grpc_in_the_same_order() -> None:
    found = addresses("http://a:1, http://b:2,http://c:3", "50051,,other:7")
    assert [(each.port, each.grpc_host, each.grpc_port) for each in found] == [
        (1, "a", 50051),
        (2, "b", 50051),
        (3, "other", 7),
    ]
    assert [each.url for each in found] == ["http://a:1", "http://b:2", "http://c:3"]


@pytest.mark.parametrize(
    ("url", "grpc"),
    [
        ("", ""),
        (" , ", ""),
        ("ftp://localhost", ""),
        ("http://", ""),
        ("http://user:secret-word@host:8080", ""),
        ("http://host:notaport", ""),
        ("http://host:99999", ""),
        ("http://ho st:8080", ""),
        ("http://host:8080", "1,2"),
        ("http://host:8080", "host:x"),
        ("http://-:8080", ""),
    ],
)
def test_what_is_no_address_is_refused_without_repeating_a_secret(url: str, grpc: str) -> None:
    with pytest.raises(StoreError) as told:
        addresses(url, grpc)
    assert told.value.code == "weaviate_address"
    assert "WEAVIATE_URL" in told.value.remedy
    assert "secret-word" not in str(told.value)
