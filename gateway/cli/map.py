"""liandan map: tools for people who write mappings. Only `replay` and `drift --ack` store anything."""

from gateway.cli import map_cases, map_coverage, map_diff, map_infer, map_lint, map_replay, map_run
from gateway.cli.command import example, group
from gateway.cli.map_drift import drift

app = group(
    "映射工具 · Tools for mappings: infer, lint, schema, run, coverage, feeds, drift, test, diff, replay",
    "liandan map run js manifests page.json",
)
for part in (map_infer, map_lint, map_run, map_coverage, map_cases, map_diff, map_replay):
    part.register(app)
app.command(epilog=example("liandan map drift js", "liandan map drift --ack 3 --reason '改名, 映射已更新'"))(drift)
