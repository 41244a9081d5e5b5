"""The module's sources with the headers of other versions of nginx."""

import os
import pathlib
import shutil
import subprocess

import pytest

from nginx_gateway import MODULE, ROOT

SOURCES = pathlib.Path("/usr/share/nginx/src/src")
FOLDERS = ["core", "event", "event/modules", "os/unix", "http", "http/modules", "http/v2"]
# What changed in the headers of 1.23 and later, in so far as a module of HTTP
# requests can meet it.
CHANGES = {
    "core/nginx.h": [("#define nginx_version      1022001", "#define nginx_version      1029003")],
    "core/ngx_hash.h": [("u_char           *lowcase_key;\n}", "u_char           *lowcase_key;\n    void *next;\n}")],
    "http/ngx_http_request.h": [
        ("ngx_array_t                       cookies;", "ngx_table_elt_t                  *cookie;"),
        ("ngx_array_t                       x_forwarded_for;", "ngx_table_elt_t                  *x_forwarded_for;"),
        ("ngx_array_t                       cache_control;", "ngx_table_elt_t                  *cache_control;"),
        ("ngx_array_t                       link;", "ngx_table_elt_t                  *link;"),
    ],
}


@pytest.mark.parametrize("newer", [False, True])
def test_sources_compile_without_a_warning(tmp_path, newer):
    headers = tmp_path / "src"
    shutil.copytree(SOURCES, headers)
    for name, changes in CHANGES.items() if newer else ():
        text = (headers / name).read_text()
        for old, new in changes:
            assert old in text, (name, old)
            text = text.replace(old, new)
        (headers / name).write_text(text)
    module = ROOT / "bindings/nginx/src"
    includes = [*(headers / folder for folder in FOLDERS), MODULE.parent, module, ROOT / "include"]
    flags = ["-fsyntax-only", "-O2", "-std=gnu99", "-W", "-Wall", "-Wpointer-arith", "-Wno-unused-parameter", "-Wshadow", "-Werror"]
    command = ["cc", *flags, *(f"-I{folder}" for folder in includes), *sorted(module.glob("*.c"))]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("variable", ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR", "JOT_LIB"])
def test_build_looks_for_the_library_where_cargo_puts_it(tmp_path, variable):
    own = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], variable: str(tmp_path)}
    show = ["make", "-s", "-C", ROOT / "bindings/nginx", "--eval", "show: ; @echo $(JOT_LIB)", "show"]
    shown = subprocess.run(show, env=own, capture_output=True, text=True, check=True).stdout.strip()
    assert shown == str(tmp_path if variable == "JOT_LIB" else tmp_path / "release/libjot.a")


def test_module_exports_nothing_but_its_own_names():
    text = subprocess.run(["nm", "-D", "--defined-only", str(MODULE)], capture_output=True, text=True, check=True).stdout
    names = [line.split()[2] for line in text.splitlines()]
    assert "ngx_modules" in names
    assert [name for name in names if not name.startswith("ngx_")] == []


@pytest.mark.parametrize("keys", ["", "jot_key_file DIRECTORY/jwks.json;"])
def test_module_is_idle_where_no_location_is_guarded(nginx, keys):
    server = nginx(f"{keys} server {{ listen 127.0.0.1:PORT; jot off; location /jot {{ jot_status; }} location / {{ return 204; }} }}")
    assert server.ask("/").status == 204
    page = server.status_page()
    assert page["rules"] == [] and len(page["files"]) == bool(keys)
    assert server.ask("/jot?format=prometheus").status == 200
