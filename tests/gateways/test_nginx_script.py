"""What a script of njs sees of a token, by names made at run time."""

import json
import pathlib

import pytest

SCRIPTS = pathlib.Path("/usr/lib/nginx/modules/ngx_http_js_module.so")
SCRIPT = """
function see(r) {
    const names = ["jot_claims", "jot_claim_sub", "jot_header_kid", "jot_code", "jot_fault"];
    r.return(200, JSON.stringify(names.map((name) => r.variables[name])));
}
export default { see };
"""
SITE = """
    js_path DIRECTORY;
    js_import script.js;
    jot_key_file DIRECTORY/jwks.json;
    jot_algorithms RS256;
    jot_issuer ISSUER;
    jot_audience api;
    server {
        listen 127.0.0.1:PORT;
        location / { jot on; CACHE js_content script.see; error_page 401 = @refused; }
        location @refused { jot off; js_content script.see; }
    }
"""


@pytest.mark.skipif(not SCRIPTS.exists(), reason="needs libnginx-mod-http-js")
@pytest.mark.parametrize("cache", ["", "jot_cache tokens 100;"])
def test_script_finds_what_the_configuration_does_not_name(nginx, forge, tmp_path, cache):
    (tmp_path / "script.js").write_text(SCRIPT)
    server = nginx(SITE.replace("CACHE", cache), main=f"load_module {SCRIPTS};")
    for _ in range(2):
        claims, *rest = json.loads(server.bearer(forge.token(set={"role": "x"}), "/").body)
        assert json.loads(claims)["role"] == "x" and rest == ["alice", "rsa-1", "accepted", None]
    refused = json.loads(server.bearer(forge.token(set={"aud": "web"}), "/").body)
    assert refused == [None, None, None, "aud_mismatch", 'aud="web"']
