"""The files that `gen server` writes, in the servers that they are for."""

import gzip
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import brotli
import pytest

from gen.compress import compress
from gen.config.resolve import load_group
from gen.server_files import Wanted, server_file
from gen.theme import policies
from tests.groups import Folder, config, contents, document, dump, site, themes
from tests.html.built import needs
from tests.servers.running import BROTLI, Answer, Ports, ask, caddy, certificate, free_ports, nginx

pytestmark = pytest.mark.slow

PAGE = "/news/a.html"
Ask = Callable[..., Answer]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A group with a site below another's domain, built and compressed."""
    made = config()
    made["sites"].append({**site("xinqu", "新区", "department"), "path": "/xinqu/"})
    del made["sites"][-1]["domain"]
    long = "很长的一段正文。" * 200
    files = {
        "sites.yaml": dump(made),
        **themes(),
        **contents(),
        "content/edu/news/a.md": document("开学", "2026-01-02", long),
        "content/xinqu/news/x.md": document("新区", "2026-01-02", long),
    }
    folder = Folder(tmp_path_factory.mktemp("served") / "root", files)
    assert not folder.build().issues
    compress(folder.out, 1)
    return folder


def written(kind: str, folder: Folder, ports: Ports, certificates: str, **more: bool) -> str:
    group = load_group(folder.root)
    wanted = Wanted(folder.out, certificates, http=ports.http, https=ports.https, **more)
    return server_file(kind, group, policies(folder.root / "themes", group), wanted)  # type: ignore[arg-type]


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def asked(
    request: pytest.FixtureRequest, served: Folder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ask]:
    """Asks a running server for a page of a host."""
    ports = free_ports()
    has_brotli = request.param == "caddy" or BROTLI.is_file()
    if not has_brotli:
        needs("nginx has no module brotli_static")
    conf = written(request.param, served, ports, "", brotli=True)
    place = tmp_path_factory.mktemp(request.param)
    running: AbstractContextManager[None] = (
        nginx(place, conf, ports.http, brotli=True)
        if request.param == "nginx"
        else caddy(place, conf, ports.http)
    )
    with running:
        yield lambda host, path, **more: ask(ports.http, host, path, **more)


def test_each_host_serves_its_site(asked: Ask) -> None:
    assert "<title>教育局</title>" in asked("edu.test", "/").body.decode()
    assert "<title>小城</title>" in asked("hub.test", "/").body.decode()
    assert "<title>新区</title>" in asked("hub.test", "/xinqu/").body.decode()
    assert asked("edu.test", PAGE).headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("edu.test", PAGE),
        ("edu.test", "/nothing.html"),
        ("hub.test", "/xinqu/news/x.html"),
        ("hub.test", "/xinqu/no"),
    ],
)
def test_every_answer_says_what_browsers_may_do(asked: Ask, host: str, path: str) -> None:
    headers = asked(host, path).headers
    assert re.match(r"default-src 'none'; .*; frame-ancestors 'none'$", headers["content-security-policy"])
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "strict-transport-security" not in headers, "over HTTP it means nothing"
    assert not re.search(r"\d", headers.get("server", ""))


def test_pages_are_asked_for_again_and_answered_in_short(asked: Ask) -> None:
    first = asked("edu.test", PAGE)
    assert first.headers["cache-control"] == "public, max-age=60, must-revalidate"
    again = asked("edu.test", PAGE, If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_what_changes_its_name_is_kept_for_ever(asked: Ask, served: Folder) -> None:
    names = [path.removeprefix("edu") for path in served.tree() if not path.endswith((".gz", ".br"))]
    kept = [
        path
        for path in names
        if path.startswith("/assets/") or re.match(r"/search/[0-9a-f]{16}/|/search/fold", path)
    ]
    assert len(kept) > 2
    for path in kept:
        assert asked("edu.test", path).headers["cache-control"] == "public, max-age=31536000, immutable", path
    for path in ("/search/index.js", "/feed.atom", "/sitemap.xml"):
        assert "immutable" not in asked("edu.test", path).headers["cache-control"], path


@pytest.mark.parametrize(
    ("host", "path", "site"),
    [("edu.test", "/no/where.html", "edu"), ("hub.test", "/xinqu/no", "xinqu"), ("hub.test", "/no", "hub")],
)
def test_a_missing_page_is_the_sites_own(asked: Ask, served: Folder, host: str, path: str, site: str) -> None:
    answer = asked(host, path)
    assert answer.status == 404
    assert answer.body == (served.out / site / "404.html").read_bytes()


@pytest.mark.parametrize(("host", "path"), [("edu.test", PAGE), ("hub.test", "/xinqu/news/x.html")])
def test_compressed_files_are_sent_as_they_lie_there(
    asked: Ask, served: Folder, host: str, path: str
) -> None:
    plain = asked(host, path)
    file = served.out / ("edu" if host == "edu.test" else "") / path.lstrip("/")
    for coding, suffix, open_ in (("gzip", ".gz", gzip.decompress), ("br", ".br", brotli.decompress)):
        answer = asked(host, path, Accept_Encoding=coding)
        assert answer.headers["content-encoding"] == coding
        assert answer.body == file.with_name(file.name + suffix).read_bytes()
        assert open_(answer.body) == plain.body
        assert "accept-encoding" in answer.headers["vary"].lower()


def test_feeds_have_their_types(asked: Ask) -> None:
    for host, folder in (("edu.test", "/"), ("edu.test", "/news/"), ("hub.test", "/xinqu/")):
        assert asked(host, f"{folder}feed.json").headers["content-type"].startswith("application/feed+json")
        assert asked(host, f"{folder}feed.atom").headers["content-type"].startswith("application/atom+xml")


def test_nobody_writes(asked: Ask) -> None:
    assert asked("edu.test", PAGE, method="DELETE").status in (403, 405)
    assert asked("edu.test", PAGE, method="HEAD").body == b""


def test_hidden_files_are_not_shown(asked: Ask, served: Folder) -> None:
    hidden = served.out / "edu" / ".htpasswd"
    hidden.write_text("secret")
    assert asked("edu.test", "/.htpasswd").status == 404
    hidden.unlink()


def test_http_leads_to_https(served: Folder, tmp_path: Path) -> None:
    ports = free_ports()
    for host in ("hub.test", "edu.test", "jtj.test", "xiu.test"):
        certificate(tmp_path / "certificates", host)
    with nginx(
        tmp_path / "nginx", written("nginx", served, ports, str(tmp_path / "certificates")), ports.https
    ):
        answer = ask(ports.http, "edu.test", f"{PAGE}?a=1")
        assert (answer.status, answer.headers["location"]) == (
            301,
            f"https://edu.test:{ports.https}{PAGE}?a=1",
        )
        answer = ask(ports.https, "edu.test", PAGE, tls=True)
        assert answer.status == 200
        assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_caddy_takes_the_file_for_real_domains(served: Folder, tmp_path: Path) -> None:
    """Certificates it gets by itself, which no test can show."""
    import subprocess

    from tests.servers.running import program

    path = tmp_path / "Caddyfile"
    path.write_text(written("caddy", served, Ports(80, 443), "anywhere"), encoding="utf-8")
    done = subprocess.run(
        [program("caddy"), "validate", "--adapter", "caddyfile", "--config", str(path)],
        capture_output=True,
        text=True,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert shutil.which("caddy")
