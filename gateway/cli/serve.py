"""liandan serve: the API, with pulling and delivery inside."""

from typing import Annotated

import typer

from gateway.cli.command import Packs, example, single
from gateway.cli.opened import opened

app = single()


@app.command(epilog=example("liandan serve --host 0.0.0.0 --port 8080"))
def serve(
    host: Annotated[str, typer.Option("--host", help="监听地址 · address to listen at")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="端口, 0 为任意空闲 · port, 0 for any free one")
    ] = 8080,
    pack: Packs = None,
) -> None:
    """运行网关服务 · Run the gateway: API, pulling and delivery in one process"""
    from gateway.service import serve as run  # noqa: PLC0415

    with opened(pack) as gateway:
        run(gateway, host, port)
