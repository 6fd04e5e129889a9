"""What containers, clusters and forges are told has the right form, and speaks of things that exist."""

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
from check_jsonschema.builtin_schemas import get_builtin_schema
from ruamel.yaml import YAML
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.cli import COMMANDS
from app.clock import database_now
from app.settings import Settings
from bot import outbox
from bot.messages import Address, OutboundMessage

ROOT = Path(__file__).parents[1]


def told_in(path: Path) -> Any:
    """As YAML 1.2 has it, where `on` is a word."""
    return YAML(typ="safe", pure=True).load(path)


SECRETS = {name for name, field in Settings.model_fields.items() if not field.repr}
COMPOSE: dict[str, Any] = told_in(ROOT / "compose.yaml")
OURS = {name: service for name, service in COMPOSE["services"].items() if "werkstatt-bot" in service["image"]}
MANIFESTS = sorted(path for path in (ROOT / "deploy/kubernetes").glob("*.yaml") if path.stem != "kustomization")
FORMS = {
    "compose-spec": [ROOT / "compose.yaml"],
    "github-workflows": sorted((ROOT / ".github/workflows").glob("*.yaml")),
    "github-issue-forms": sorted(
        path for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config"
    ),
    "github-issue-config": [ROOT / ".github/ISSUE_TEMPLATE/config.yml"],
}


@pytest.mark.parametrize(("schema", "path"), [(schema, path) for schema, paths in FORMS.items() for path in paths])
def test_a_file_has_the_form_its_reader_expects(schema: str, path: Path) -> None:
    jsonschema.validate(told_in(path), get_builtin_schema(f"vendor.{schema}"))


# The image.


def instructions() -> list[tuple[str, str]]:
    lines = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text(encoding="utf-8")).splitlines()
    told = [line.partition(" ") for line in lines if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in told]


def last(word: str) -> str:
    return [rest for one, rest in instructions() if one == word][-1]


def test_the_image_is_built_apart_from_what_it_runs() -> None:
    stages = [rest for word, rest in instructions() if word == "FROM"]
    assert len(stages) == 2
    final = instructions()[[word for word, _ in instructions()].index("FROM", 2) :]
    assert not [rest for word, rest in final if word == "RUN" and "pip" in rest]
    assert all(rest.startswith("--from=build ") for word, rest in final if word == "COPY")


def test_what_the_image_stands_on_is_pinned() -> None:
    assert re.fullmatch(r"PYTHON=3\.\d+-slim-[a-z]+", last("ARG"))
    installs = [
        part for word, rest in instructions() if word == "RUN" for part in re.findall(r"pip install [^&]*", rest)
    ]
    assert installs
    assert all("--require-hashes" in part or "--no-deps" in part or "'setuptools>=" in part for part in installs)


def test_the_image_runs_as_nobody_in_particular_and_says_how_it_is() -> None:
    assert int(last("USER")) > 1000
    assert "/healthz" in last("HEALTHCHECK")
    assert json.loads(last("ENTRYPOINT")) == ["werkstatt"]
    assert json.loads(last("CMD"))[0] in COMMANDS
    assert not [word for word, _ in instructions() if word in {"ADD", "MAINTAINER", "ONBUILD", "VOLUME"}]


def test_the_image_holds_our_packages_and_nothing_secret() -> None:
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]["find"]["include"]
    copied = {rest.split()[0] for word, rest in instructions() if word == "COPY" and "--from" not in rest}
    assert {package.rstrip("*") for package in packages} <= copied
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied <= let_in
    assert not [name for name in let_in if name.startswith(".") or "secret" in name]


# Compose.


@pytest.mark.parametrize("service", OURS)
def test_our_containers_can_do_no_more_than_they_must(service: str) -> None:
    told = OURS[service]
    assert told["read_only"]
    assert told["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in told["security_opt"]
    assert not told.get("privileged")


@pytest.mark.parametrize("service", OURS)
def test_our_containers_do_something_that_exists(service: str) -> None:
    told = OURS[service]
    if "entrypoint" in told:
        assert told["entrypoint"] == ["celery", "--app", "app.worker"]
        assert told["command"][0] in {"worker", "beat"}
    else:
        assert told.get("command", ["serve"])[0] in COMMANDS


@pytest.mark.parametrize("service", OURS)
def test_every_secret_can_lie_in_a_file(service: str) -> None:
    owner, rest = {"owner_database_url"}, SECRETS - {"redis_url", "owner_database_url"}
    assert set(OURS[service]["secrets"]) == ({"database_url"} | owner if service == "migrate" else rest)
    assert set(OURS[service]["secrets"]) <= set(COMPOSE["secrets"])


def test_whoever_follows_the_page_has_a_file_for_every_secret() -> None:
    """Compose does not start without one of them, be it empty."""
    page = (ROOT / "docs/Deployment.md").read_text(encoding="utf-8")
    [made] = re.findall(r"^mkdir -m 700 secrets.*?^chmod 644", page, re.MULTILINE | re.DOTALL)
    touched = {name for line in re.findall(r"^touch ([\w ]+)", made, re.MULTILINE) for name in line.split()}
    assert touched | set(re.findall(r"> (\w+)$", made, re.MULTILINE)) == set(COMPOSE["secrets"])


def test_nothing_is_open_to_the_street() -> None:
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_all_images_are_pinned_and_all_servers_are_watched() -> None:
    for service in COMPOSE["services"].values():
        if service not in OURS.values():
            assert re.search(r":\d+\.\d+", service["image"])
            assert service["healthcheck"]["test"]


# Kubernetes.


@cache
def resources() -> tuple[dict[str, Any], ...]:
    return tuple(one for path in MANIFESTS for one in YAML(typ="safe", pure=True).load_all(path))


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    for one in resources():
        if one["kind"] in {"Deployment", "Job"}:
            yield one["metadata"]["name"], one["spec"]["template"]["spec"]


def kinds(name: str) -> set[str]:
    return {one["kind"] for one in resources() if one["metadata"]["name"] == name}


def test_the_manifests_are_those_that_are_applied() -> None:
    listed = told_in(ROOT / "deploy/kubernetes/kustomization.yaml")["resources"]
    assert sorted(listed) == [path.name for path in MANIFESTS]


@pytest.mark.parametrize("version", ["1.33", "1.37"])
def test_kubernetes_knows_all_that_it_is_told(version: str) -> None:
    for one in resources():
        if not one["apiVersion"].startswith("keda.sh/"):
            kubernetes_validate.validate(one, version, strict=True)


def test_pods_satisfy_the_restricted_standard() -> None:
    for name, pod in pods():
        assert pod["securityContext"]["runAsNonRoot"], name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert pod["automountServiceAccountToken"] is False, name
        for container in pod["containers"]:
            context = container["securityContext"]
            assert context["readOnlyRootFilesystem"], name
            assert context["allowPrivilegeEscalation"] is False, name
            assert context["capabilities"] == {"drop": ["ALL"]}, name
            assert {"requests", "limits"} <= set(container["resources"]), name


def test_pods_do_something_that_exists() -> None:
    for name, pod in pods():
        [container] = pod["containers"]
        if container["image"] == "werkstatt-bot":
            assert container.get("args", ["serve"])[0] in COMMANDS, name


def test_the_probes_ask_what_the_api_answers() -> None:
    [api] = [pod["containers"][0] for name, pod in pods() if name == "api"]
    asked = {probe: api[probe]["httpGet"]["path"] for probe in ("startupProbe", "readinessProbe", "livenessProbe")}
    assert asked == {"startupProbe": "/healthz", "readinessProbe": "/readyz", "livenessProbe": "/healthz"}


def test_what_serves_customers_grows_and_is_never_all_gone() -> None:
    assert kinds("api") >= {"Deployment", "Service", "PodDisruptionBudget", "HorizontalPodAutoscaler"}
    assert kinds("worker") >= {"Deployment", "PodDisruptionBudget", "ScaledObject"}


def test_workers_are_added_by_how_long_the_oldest_letter_waits(session: Session) -> None:
    [scaled] = [one for one in resources() if one["kind"] == "ScaledObject"]
    age = text(scaled["spec"]["triggers"][0]["metadata"]["query"])
    now = database_now(session)
    assert session.scalar(age) == 0
    for minutes in (-5, 0, 5):
        letter = OutboundMessage(Address("sms", "+4915112345678"), "Bis morgen")
        outbox.post(session, letter, key=f"{minutes}", now=now + timedelta(minutes=minutes))
    waited = session.scalar(age)
    assert waited is not None
    assert 290 < waited < 400


# The forge.


def test_the_gate_is_the_one_that_a_laptop_has() -> None:
    steps = told_in(ROOT / ".github/workflows/ci.yaml")["jobs"]["ci"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == [".ci/run"]


@pytest.mark.parametrize("name", ["ci", "release"])
def test_workflows_may_do_only_what_they_say(name: str) -> None:
    told = told_in(ROOT / f".github/workflows/{name}.yaml")
    assert told["permissions"] == {"contents": "read"}
    assert all(job["timeout-minutes"] for job in told["jobs"].values())
    used = [step["uses"] for job in told["jobs"].values() for step in job["steps"] if "uses" in step]
    assert all(re.search(r"@v\d+$", action) for action in used)


def test_a_release_is_checked_first_and_lists_its_parts() -> None:
    told = told_in(ROOT / ".github/workflows/release.yaml")["jobs"]
    assert told["check"]["steps"][-1] == {"run": ".ci/run"}
    assert told["release"]["needs"] == "check"
    assert [step for step in told["release"]["steps"] if step.get("with", {}).get("sbom")]


def test_the_container_to_develop_in_sets_itself_up() -> None:
    told = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text())
    assert told["postCreateCommand"] == "make setup"
