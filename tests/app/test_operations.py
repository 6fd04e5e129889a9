"""Alerts, dashboard and handbook speak of metrics that exist, and each alert has its page."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.core import Metric
from ruamel.yaml import YAML

from app.telemetry import gauges, metrics

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy/monitoring/alerts.yaml"
PAGE = (ROOT / "docs/Operations.md").read_text()
OF_DATABASE = {metric.name: metric for metric in [gauges.up(0), *gauges.families()]}
OF_PROCESS = {metric.name: metric for metric in metrics.REGISTRY.collect() if metric.name.startswith("werkstatt_")}
SUFFIX = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}


def series(metrics: dict[str, Metric]) -> set[str]:
    return {name + suffix for name, metric in metrics.items() for suffix in SUFFIX[metric.type]}


def alerts() -> list[dict[str, Any]]:
    [group] = YAML(typ="safe", pure=True).load(RULES)["groups"]
    rules: list[dict[str, Any]] = group["rules"]
    return rules


def expressions() -> Iterator[str]:
    yield from (alert["expr"] for alert in alerts())
    for panel in json.loads((ROOT / "deploy/monitoring/dashboard.json").read_text())["panels"]:
        yield from (target["expr"] for target in panel["targets"])


def labels(metric: Metric) -> str:
    names = getattr(metric, "_labelnames", None) or LABELS.get(metric.name, ())
    return ", ".join(f"`{name}`" for name in names) or "–"


LABELS = {
    collector._name: collector._labelnames
    for collector in vars(metrics).values()
    if hasattr(collector, "_labelnames") and hasattr(collector, "_name")
}


def rows() -> list[str]:
    """The table of metrics as the handbook should have it."""
    told = []
    for where, known in (("database", OF_DATABASE), ("process", OF_PROCESS)):
        for name, metric in known.items():
            full = f"{name}_total" if metric.type == "counter" else name
            told.append(f"| `{full}` | {labels(metric)} | {where} | {metric.documentation} |")
    return told


def test_the_handbook_explains_every_metric() -> None:
    assert [line for line in PAGE.splitlines() if line.startswith("| `werkstatt_")] == rows()


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_nobody_asks_for_a_metric_that_is_not_there(expression: str) -> None:
    asked = set(re.findall(r"werkstatt_\w+", expression))
    assert asked
    assert asked <= series(OF_DATABASE) | series(OF_PROCESS)


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_what_the_database_knows_is_never_added_up(expression: str) -> None:
    """Every process tells it, so a sum would count it as often as there are processes."""
    for summed in re.findall(r"sum(?: by \([^)]*\))? \(?.*?(werkstatt_\w+)|sum\(.*?(werkstatt_\w+)", expression):
        assert not set(filter(None, summed)) & series(OF_DATABASE)
    for name in set(re.findall(r"werkstatt_\w+", expression)) & series(OF_DATABASE):
        assert re.search(rf"(max|absent)[^w]*(by \([^)]*\) )?\((rate\()?{name}", expression), name


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: str(alert["alert"]))
def test_every_alert_has_a_page_that_says_what_to_do(alert: dict[str, Any]) -> None:
    path, _, anchor = alert["annotations"]["runbook"].partition("#")
    pages = {title.lower(): said for title, said in re.findall(r"^### (\w+)\n([^#]+)", PAGE, re.MULTILINE)}
    assert (ROOT / path).exists()
    assert anchor == alert["alert"].lower()
    assert len(pages[anchor]) > 100
    assert alert["labels"]["severity"] in {"page", "ticket"}


def test_every_page_has_its_alert() -> None:
    assert set(re.findall(r"^### (\w+)", PAGE, re.MULTILINE)) == {alert["alert"] for alert in alerts()}


@pytest.mark.skipif(shutil.which("promtool") is None, reason="Prometheus's own tool is not installed")
@pytest.mark.parametrize("order", [["check", "rules", RULES.name], ["test", "rules", "alerts_test.yaml"]])
def test_prometheus_takes_the_rules_and_rings_when_it_should(order: list[str]) -> None:
    told = subprocess.run(["promtool", *order], cwd=RULES.parent, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr + told.stdout
