"""docs/nginx.md: every example runs, every directive and variable is there."""

import pathlib
import re

import pytest

from nginx_gateway import MODULE, document, run

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/nginx.md").read_text()
BLOCKS = re.findall(r"```nginx\n(.*?)```", TEXT, re.S)
CONF = (ROOT / "bindings/nginx/src/ngx_http_jot_commands.c").read_text()
COMMANDS = dict(re.findall(r'\{ ngx_string\("(jot\w*)"\),\n\s*(\S+),\n', CONF))
RULES = "jot_key_file /etc/nginx/jwks.json issuer=https://issuer.example; jot_algorithms RS256; jot_audience api;"


def placed(block, directory, forge):
    """Return the block with files of the test's own."""
    for name in set(re.findall(r"/etc/nginx/(\S+?)[;\s]", block)):
        text = forge.keys["other"].pem() if name.endswith(".pem") else forge.jwks("rsa")
        (directory / name).write_text(text)
    return block.replace("/etc/nginx/", f"{directory}/").replace("/var/lib/nginx/", f"{directory}/").replace("listen 80;", "listen 127.0.0.1:PORT;")


def whole(block):
    """Return what belongs around a block to make an http block of it."""
    if re.search(r"^(server|map|limit_req_zone|jot_claim_set|jot_file_check|jot_fetch\w*)\b", block, re.M):
        rules = "" if "jot_key_file" in block else RULES
        server = "" if "server {" in block else "server { location / { jot on; } }"
        return f"{rules}\n{block}\n{server}"
    if re.search(r"^location\b", block, re.M):
        return f"{RULES} server {{ {block} }}"
    own = "" if "jot_key_file" in block else "jot_key_file /etc/nginx/jwks.json issuer=https://issuer.example;"
    own += "" if "jot_algorithms" in block else "jot_algorithms RS256;"
    return f"{own}\n{block}\nserver {{ location / {{ jot on; }} }}"


@pytest.mark.parametrize("block", [block for block in BLOCKS if "load_module" not in block])
def test_every_example_is_a_configuration_that_nginx_takes(tmp_path, forge, block):
    text = placed(whole(block), tmp_path, forge)
    path = tmp_path / "example.conf"
    path.write_text(document(tmp_path, text))
    status, output = run("-t", "-p", str(tmp_path), "-c", str(path), "-e", "stderr")
    assert status == 0, output


def test_ten_lines_guard_a_location(nginx, forge, echo, tmp_path):
    [block] = [block for block in BLOCKS if "load_module" in block]
    assert "load_module modules/ngx_http_jot_module.so;" in block and MODULE.name in block
    inner = re.search(r"http \{\n(.*)\}\n$", block, re.S)[1]
    assert len(inner.splitlines()) <= 10
    inner = placed(inner, tmp_path, forge).replace("127.0.0.1:8080", f"127.0.0.1:{echo.port}")
    server = nginx(inner)
    assert server.bearer(forge.token(), "/").status == 200
    assert server.ask("/").status == 401


def test_every_directive_is_documented_with_its_contexts():
    assert len(COMMANDS) == 34
    for name, flags in COMMANDS.items():
        section = re.search(rf"^### {name}\n\n```\n(.*?)```", TEXT, re.M | re.S)
        assert section, name
        assert re.match(rf"Syntax:  {name}\b.*;\n", section[1]), name
        contexts = re.search(r"Context: (.*)", section[1])[1].split(", ")
        expected = ["http", "server", "location"] if "ANYWHERE" in flags else []
        expected += ["http"] if "NGX_HTTP_MAIN_CONF" in flags else []
        expected += ["server"] if "NGX_HTTP_SRV_CONF" in flags else []
        expected += ["location"] if "NGX_HTTP_LOC_CONF" in flags else []
        expected += ["limit_except"] if "LMT" in flags else []
        assert contexts == expected, name


def test_every_variable_and_algorithm_is_documented():
    source = (ROOT / "bindings/nginx/src/ngx_http_jot_variables.c").read_text()
    names = re.findall(r'\{ ngx_string\("(jot_\w+)"\), NULL', source)
    assert len(names) == 7
    for name in names:
        assert f"| `${name}{'NAME' if name.endswith('_') else ''}` |" in TEXT, name
    header = (ROOT / "include/jot.h").read_text()
    algorithms = re.search(r"enum jot_alg \{(.*?)\};", header, re.S)[1]
    section = TEXT[TEXT.index("### jot_algorithms") : TEXT.index("### jot_issuer\n")]
    known = {name.replace("_", "-").lower() for name in re.findall(r"JOT_(\w+) =", algorithms)}
    assert {name.lower() for name in re.findall(r"`([\w-]+)`", section)} - {"alg", "none"} == known
