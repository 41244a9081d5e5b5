"""No file of the module's sources is part of a circle of calls."""

import graphlib
import subprocess

import pytest

from nginx_gateway import MODULE, ROOT

SOURCES = ROOT / "bindings/nginx/src"
# nginx finds configurations and contexts by the address of the module's descriptor.
DESCRIPTOR = "ngx_http_jot_module"


def symbols(objects, *flags):
    """Return the module's own names that nm tells of each object, by file."""
    found = {}
    for path in objects:
        text = subprocess.run(["nm", "-g", *flags, str(path)], capture_output=True, text=True, check=True).stdout
        names = {line.split()[-1] for line in text.splitlines()}
        found[path.stem] = {name for name in names if name.startswith("ngx_http_jot_")} - {DESCRIPTOR}
    return found


def graph(objects):
    """Return the files that each file uses."""
    home = {name: file for file, names in symbols(objects, "--defined-only").items() for name in names}
    used = symbols(objects, "--undefined-only")
    return {file: {home[name] for name in names} for file, names in used.items()}


def circle(files):
    """Return the files of a circle, in its order, or None."""
    try:
        graphlib.TopologicalSorter(files).prepare()
    except graphlib.CycleError as error:
        return error.args[1]
    return None


def test_no_file_is_part_of_a_circle():
    files = graph([MODULE.parent / "addon/src" / f"{path.stem}.o" for path in SOURCES.glob("*.c")])
    assert len(files) >= 25
    assert files["ngx_http_jot_module"] and not files["ngx_http_jot_ctx"]
    assert circle(files) is None


@pytest.mark.parametrize("inner", ["ngx_http_jot_b();", "ngx_http_jot_data++;"])
def test_a_circle_of_calls_or_data_is_found(tmp_path, inner):
    sources = {
        "a": f"void ngx_http_jot_b(void); extern int ngx_http_jot_data; void ngx_http_jot_a(void) {{ {inner} }}",
        "b": "void ngx_http_jot_a(void); int ngx_http_jot_data; void ngx_http_jot_b(void) { ngx_http_jot_a(); }",
        "c": "void ngx_http_jot_a(void); void ngx_http_jot_c(void) { ngx_http_jot_a(); }",
    }
    for name, text in sources.items():
        (tmp_path / f"{name}.c").write_text(text)
        subprocess.run(["cc", "-c", f"{name}.c"], cwd=tmp_path, check=True)
    assert sorted(set(circle(graph(sorted(tmp_path.glob("*.o")))))) == ["a", "b"]
