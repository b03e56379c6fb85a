"""What a host is given: compose file, image, CI service and docs/hosting.md agree with the settings and each other."""

import ast
import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
from inspect import signature
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
import yaml
from pydantic import AliasChoices, SecretStr

from core.errors import StoreError
from core.operate.hosted_at import COMMUNITY_CLOUD, SERVICES
from core.operate.uploads import ALL_FILES
from core.schema import Scope, StoredPassage
from core.settings import Settings
from core.worker import Worker
from tests.needs import KNOWN, need

PROJECT = Path(__file__).resolve().parents[1]
# Streamlit's own, and the port that hosts name; everything else a container is given must be a setting of ours.
NOT_OURS = {"PORT", "STREAMLIT_SERVER_ADDRESS", "STREAMLIT_SERVER_HEADLESS", "STREAMLIT_SERVER_PORT"}
PYTHONS = {"HOME", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}


def read(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def compose() -> dict[str, Any]:
    return yaml.safe_load(read("compose.yaml"))


def variables() -> set[str]:
    """Every environment variable that core.settings reads."""
    names = set()
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        choices = alias.choices if isinstance(alias, AliasChoices) else [alias or f"ANSWERBOOK_{name.upper()}"]
        names.update(map(str, choices))
    return names


def secrets_of(text: str) -> set[str]:
    """What compose must find in .env, else it starts nothing."""
    return set(re.findall(r"\$\{(\w+):\?", text))


def test_the_app_is_given_only_settings_it_knows() -> None:
    services = compose()["services"]
    assert set(services) == {"answerbook", "weaviate", "postgres"}
    assert set(services["answerbook"]["environment"]) <= variables()
    image = set(re.findall(r"^(?:ENV )?\s*([A-Z_]+)=\S+", read("Dockerfile"), re.MULTILINE))
    assert "ANSWERBOOK_DATA" in image
    assert image <= variables() | NOT_OURS | PYTHONS


def test_images_are_pinned_to_one_release() -> None:
    for service in compose()["services"].values():
        assert re.search(r":\d+\.\d+(\.\d+)?$", service["image"]) if "image" in service else service["build"] == "."
    bases = re.findall(r"^FROM (\S+)", read("Dockerfile"), re.MULTILINE)
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.12-slim-\w+", bases[0])


def test_ci_runs_the_weaviate_that_hosts_run() -> None:
    job = yaml.safe_load(read(".github/workflows/ci.yml"))["jobs"]["complete"]
    service = job["services"]["weaviate"]
    assert service["image"] == compose()["services"]["weaviate"]["image"]
    assert job["env"]["ANSWERBOOK_TEST_WEAVIATE_API_KEY"] == service["env"]["AUTHENTICATION_APIKEY_ALLOWED_KEYS"]
    assert {"8080:8080", "50051:50051"} <= set(service["ports"])


def test_ci_fails_where_a_server_or_a_browser_is_missing() -> None:
    job = yaml.safe_load(read(".github/workflows/ci.yml"))["jobs"]["complete"]
    assert set(job["env"]["ANSWERBOOK_TEST_REQUIRE"].split(",")) == set(KNOWN)
    assert job["steps"][-1]["run"] == ".ci/run", "the programs are there before the tests run"


@pytest.mark.skipif(sys.platform != "linux", reason="the step is bash on Linux, as on the CI's runner")
def test_ci_puts_weaviate_s_program_where_tests_and_client_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The step as it stands, but for the download: another program named curl hands it an archive."""
    from weaviate.embedded import EmbeddedOptions, EmbeddedV4

    from tests.core.store.weaviate_server import program

    job = yaml.safe_load(read(".github/workflows/ci.yml"))["jobs"]["complete"]
    step = next(step["run"] for step in job["steps"] if "weaviate-embedded" in step.get("run", ""))
    with tarfile.open(tmp_path / "release.tar.gz", "w:gz") as archive:
        server = tarfile.TarInfo("weaviate")
        server.mode = 0o755
        archive.addfile(server)
    curl = tmp_path / "curl"
    curl.write_text('#!/bin/sh\nfor last; do :; done\necho "$last" > "$HOME/address"\ncat "$HOME/release.tar.gz"\n')
    curl.chmod(0o755)
    environment = {"HOME": str(tmp_path), "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    subprocess.run(["bash", "-e", "-c", step], env=environment, check=True, timeout=60)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    version = job["services"]["weaviate"]["image"].partition(":")[2]
    folder = tmp_path / ".cache" / "weaviate-embedded"
    client = EmbeddedV4(EmbeddedOptions(str(tmp_path / "data"), str(folder), version))
    assert (tmp_path / "address").read_text().strip() == client._download_url.replace("arm64", "amd64")
    client.ensure_weaviate_binary_exists()
    assert program() == client._weaviate_binary_path


def test_no_secret_is_in_a_file_and_each_is_asked_for() -> None:
    asked = secrets_of(read("compose.yaml"))
    example = dict(line.split("=", 1) for line in read(".env.example").splitlines() if line and line[0] != "#")
    assert asked == set(example) == {"ANSWERBOOK_SECRET", "POSTGRES_PASSWORD", "WEAVIATE_API_KEY"}
    assert set(example.values()) == {""}
    assert ".env" in read(".gitignore").splitlines()
    assert read(".dockerignore").splitlines()[1] == "*", "nothing goes into the image unless it is named"


def test_only_the_app_has_a_port_and_only_on_this_machine() -> None:
    services = compose()["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["answerbook"]
    assert services["answerbook"]["ports"] == ["127.0.0.1:8501:8501"]


def test_weaviate_takes_no_stranger_and_sends_nothing() -> None:
    environment = compose()["services"]["weaviate"]["environment"]
    assert environment["AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED"] == "false"
    assert environment["AUTHENTICATION_APIKEY_ENABLED"] == environment["DISABLE_TELEMETRY"] == "true"
    assert environment["AUTOSCHEMA_ENABLED"] == "false"


def test_what_must_be_kept_is_in_a_volume_and_the_app_waits_for_the_others() -> None:
    found = compose()
    services = found["services"]
    mounts = {volume.split(":")[0]: volume.split(":")[1] for each in services.values() for volume in each["volumes"]}
    assert set(mounts) == set(found["volumes"])
    assert mounts["weaviate"] == services["weaviate"]["environment"]["PERSISTENCE_DATA_PATH"]
    assert mounts["answerbook"] in read("Dockerfile").split("ANSWERBOOK_DATA=")[1]
    waits = services["answerbook"]["depends_on"]
    assert waits == {name: {"condition": "service_healthy"} for name in ("postgres", "weaviate")}
    assert all("healthcheck" in services[name] for name in waits)


def seconds(text: str) -> int:
    return int(text.removesuffix("s"))


def test_each_container_has_no_more_rights_than_it_needs() -> None:
    services = compose()["services"]
    for name, service in services.items():
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["cap_drop"] == ["ALL"], name
        assert re.fullmatch(r"\d+g", service["mem_limit"]), name
    assert {name for name, service in services.items() if "cap_add" in service} == {"postgres"}
    assert {name for name, service in services.items() if service.get("read_only")} == {"answerbook", "postgres"}
    written = re.findall(r"\b(?:HOME|ANSWERBOOK_DATA)=(\S+)", read("Dockerfile"))
    mounts = [
        *services["answerbook"]["tmpfs"],
        *(volume.partition(":")[2] for volume in services["answerbook"]["volumes"]),
    ]
    assert sorted(written) == sorted(mount.partition(":")[0] for mount in mounts)


def test_uploads_on_their_way_fit_where_they_wait_and_a_read_file_in_memory() -> None:
    service = compose()["services"]["answerbook"]
    largest = Settings.model_fields["file_megabytes"].default
    assert f"/tmp:size={ALL_FILES * largest // 1000}g,mode=1777" in service["tmpfs"]
    reading = Settings.model_fields["workers"].default * Settings.model_fields["file_memory_megabytes"].default
    assert int(service["mem_limit"].removesuffix("g")) * 1024 > reading + ALL_FILES * largest


def test_a_stop_waits_for_the_worker() -> None:
    patience = signature(Worker.stop).parameters["seconds"].default
    services = compose()["services"]
    assert seconds(services["answerbook"]["stop_grace_period"]) >= 2 * patience
    assert all(seconds(service["stop_grace_period"]) >= 30 for service in services.values())


def test_a_restart_is_no_answer_to_a_database_that_is_away() -> None:
    asked = re.findall(r"HEALTHCHECK.*?CMD (\[.*?\])$", read("Dockerfile"), re.DOTALL | re.MULTILINE)[0]
    assert "'http://127.0.0.1:' + os.environ.get('PORT', '8501') + '/api/alive'" in json.loads(asked)[2]
    assert compose()["services"]["answerbook"].get("healthcheck") is None, "one truth: the image's"


def test_postgres_is_ready_when_others_can_reach_it() -> None:
    test = compose()["services"]["postgres"]["healthcheck"]["test"]
    assert test[test.index("-h") + 1] == "127.0.0.1"


def test_the_image_runs_as_nobody_special_and_holds_no_compiler() -> None:
    first, last = re.split(r"(?=^FROM )", read("Dockerfile"), flags=re.MULTILINE)[1:]
    assert "build-essential" in first
    assert "apt-get" not in last
    assert re.findall(r"--uid (\d+)", last) == [user()]
    assert 'CMD ["python", "hosting/start.py"]' in last, "which gives up root, as tests/test_hosted.py shows"
    assert compose()["services"]["answerbook"]["user"] == f"{user()}:{user()}"
    for line in read(".dockerignore").splitlines():
        if line.startswith("!"):
            assert (PROJECT / line[1:]).exists(), line


def user() -> str:
    """The uid that the image's start gives the data folder to."""
    return re.findall(r"^USER = (\d+)", read("hosting/start.py"), re.MULTILINE)[0]


def data_of_the_image() -> str:
    return re.findall(r"ANSWERBOOK_DATA=(\S+)", read("Dockerfile"))[0]


def test_render_keeps_the_data_folder_and_makes_the_secret() -> None:
    (service,) = yaml.safe_load(read("render.yaml"))["services"]
    assert (service["type"], service["runtime"]) == ("web", "docker")
    assert service["healthCheckPath"] == "/api/alive"
    assert service["disk"]["mountPath"] == data_of_the_image()
    given = {each["key"]: each for each in service["envVars"]}
    assert set(given) <= variables()
    assert given["ANSWERBOOK_SECRET"]["generateValue"] is True
    assert "value" not in given["ANSWERBOOK_SECRET"]


def test_railway_starts_nothing_without_the_volume_and_is_given_no_other() -> None:
    found = json.loads(read("railway.json"))
    assert found["deploy"]["requiredMountPath"] == data_of_the_image()
    assert found["deploy"]["healthcheckPath"] == "/api/alive"
    assert (found["build"]["builder"], found["build"]["dockerfilePath"]) == ("DOCKERFILE", "Dockerfile")
    assert not re.search(r"^(VOLUME|USER)", read("Dockerfile"), re.MULTILINE), "Railway takes no VOLUME"


def test_fly_keeps_the_data_folder_and_asks_where_it_listens() -> None:
    found = tomllib.loads(read("fly.toml"))
    assert found["mounts"]["destination"] == data_of_the_image()
    assert found["http_service"]["internal_port"] == port_of_the_image()
    assert found["http_service"]["auto_stop_machines"] == "off"
    assert [check["path"] for check in found["http_service"]["checks"]] == ["/api/alive"]


def test_a_space_asks_where_it_listens() -> None:
    front = yaml.safe_load(read("hosting/huggingface/README.md").split("---\n")[1])
    assert (front["sdk"], front["app_port"]) == ("docker", port_of_the_image())


def port_of_the_image() -> int:
    return int(re.findall(r"^EXPOSE (\d+)", read("Dockerfile"), re.MULTILINE)[0])


def test_no_file_for_hosts_says_that_there_is_no_sign_in() -> None:
    for name in ("compose.yaml", ".streamlit/config.toml", "docs/hosting.md", "README.md"):
        assert "no sign-in" not in read(name), name


def test_the_guide_names_every_file_for_a_host() -> None:
    guide = read("docs/hosting.md")
    for name in ("render.yaml", "railway.json", "fly.toml", "hosting/huggingface/README.md", "compose.yaml"):
        assert (PROJECT / name).is_file()
        assert f"`{name}`" in guide, name
    assert all(service.name in guide for service in (*SERVICES, COMMUNITY_CLOUD))


def test_the_guide_names_every_variable() -> None:
    table = set(re.findall(r"^\| `(\w+)`", read("docs/hosting.md"), re.MULTILINE))
    aside = {"OPENAI_API_BASE"}  # named within another's row
    assert table | aside == variables() | NOT_OURS - {"STREAMLIT_SERVER_HEADLESS"}


@pytest.mark.slow
def test_the_rights_in_the_guide_are_enough_and_none_is_too_much(tmp_path: Path) -> None:
    from tests.core.store.weaviate_server import WeaviateServer, missing_server

    need("weaviate", missing_server())
    import weaviate
    from weaviate.classes.init import Auth
    from weaviate.classes.rbac import Permissions

    code = re.findall(r"```python\n(.*?)```", read("docs/hosting.md"), re.DOTALL)[0]
    listed = next(node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.List))
    granted = []
    for call in listed.elts:
        assert isinstance(call, ast.Call)
        assert isinstance(call.func, ast.Attribute)
        names = [str(word.arg) for word in call.keywords if word.arg != "collection"]
        granted += [(call.func.attr, name) for name in names]
    rbac = {"AUTHORIZATION_RBAC_ENABLED": "true", "AUTHORIZATION_RBAC_ROOT_USERS": "admin"}
    with WeaviateServer(tmp_path, AUTHENTICATION_DB_USERS_ENABLED="true", **rbac) as server:
        root = weaviate.connect_to_local(
            port=server.port,
            grpc_port=server.grpc_port,
            auth_credentials=Auth.api_key(server.key),
            skip_init_checks=True,
        )
        with root:
            root.collections.create("Other")
            for number, left_out in enumerate([None, *granted]):
                kinds = {kind: {n: True for k, n in granted if k == kind and (k, n) != left_out} for kind, _ in granted}
                rights = [
                    getattr(Permissions, kind)(collection="Answerbook_*", **names) for kind, names in kinds.items()
                ]
                root.roles.create(role_name=f"role{number}", permissions=rights)
                key = root.users.db.create(user_id=f"user{number}")
                root.users.db.assign_roles(user_id=f"user{number}", role_names=[f"role{number}"])
                root.collections.delete([name for name in root.collections.list_all() if name != "Other"])
                assert works(server.url, server.grpc, key) is (left_out is None), left_out


def works(url: str, grpc: str, key: str) -> bool:
    """Whether a key can do all that Answerbook does with a store."""
    from core.store.weaviate.address import addresses
    from core.store.weaviate.nodes import Nodes
    from core.store.weaviate.store import WeaviateStore

    store = WeaviateStore(Nodes(addresses(url, grpc), SecretStr(key)))
    scope = Scope(uuid4().hex, 1, "test", 4)
    passage = StoredPassage(str(uuid4()), "f" * 32, "e" * 32, 0, 0, 4, None, "word", "", "word")
    vectors = np.ones((1, 4), np.float32)
    try:
        store.check()
        store.add(scope, [passage], vectors)
        found = store.search(scope, vector=vectors[0], terms=["word"], limit=1)
        whole = found and list(store.ids(scope)) == [passage.id] and store.scopes() == [scope.name]
        whole = whole and store.count(scope) == 1 and store.delete_versions(scope, [passage.version_id]) == 0
        whole = whole and store.count(scope) == 0
        store.rest(scope)
        store.drop(scope)
        return bool(whole) and store.scopes() == []
    except StoreError as error:
        if error.code != "right":
            raise
        return False
    finally:
        store.close()
