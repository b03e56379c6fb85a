"""Which hosting service this process runs at, as the environment variables that each service documents tell."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


class Service(NamedTuple):
    """A hosting service: how it is known, under which name it lets browsers in, and its own words for its screens."""

    name: str
    sign: str  # a variable that this service sets, and nobody else
    address: str  # the public name, with {VARIABLE} filled in; empty where the service does not tell it
    volume: str  # what it calls a disk that stays; empty where it has none
    variables: str  # where it has variables typed in
    starts_empty: str = "starts Answerbook with an empty disk each time"
    mounts_nothing: bool = True  # a mount there is the owner's own


# Each service's own pages: render.com/docs/environment-variables, docs.railway.com/reference/variables,
# fly.io/docs/machines/runtime-environment, huggingface.co/docs/hub/spaces-overview, cloud.google.com/run/docs/
# container-contract. Streamlit Community Cloud documents none: it keeps every app below /mount/src.
SERVICES = (
    Service("Render", "RENDER", "{RENDER_EXTERNAL_HOSTNAME}", "a disk", "Environment"),
    Service("Railway", "RAILWAY_PROJECT_ID", "{RAILWAY_PUBLIC_DOMAIN}", "a volume", "Variables"),
    Service("Fly", "FLY_APP_NAME", "{FLY_APP_NAME}.fly.dev", "a volume", "fly secrets set"),
    Service("Hugging Face", "SPACE_ID", "{SPACE_HOST}", "persistent storage", "Settings, Variables and secrets"),
    Service("Cloud Run", "K_SERVICE", "", "", "Variables and secrets", "keeps files in memory only"),
)
COMMUNITY_CLOUD = Service("Streamlit Community Cloud", "", "", "", "the app's settings, Secrets", mounts_nothing=False)
_COMMUNITY_CLOUD_APPS = Path("/mount/src")


def hosted_at(environment: Mapping[str, str] = os.environ, program: Path = Path(__file__)) -> Service | None:
    """Return the hosting service, None on a computer or server of the owner's own and at a service not listed."""
    if program.is_relative_to(_COMMUNITY_CLOUD_APPS):
        return COMMUNITY_CLOUD
    return next((service for service in SERVICES if environment.get(service.sign)), None)


def public_name(environment: Mapping[str, str] = os.environ) -> str:
    """Return the name under which the hosting service lets browsers in, empty where it does not tell one."""
    service = hosted_at(environment)
    if service is None or not service.address:
        return ""
    variable = service.address[1:].partition("}")[0]
    return service.address.format(**{variable: environment[variable]}) if environment.get(variable) else ""
