"""The status lists that the rows of the table for the profile /status name."""

from gateway import until

# The first four tokens are valid, invalid, suspended, and something else; there are eight.
STATUSES = {"bits": 2, "lst": "eNp78gQAAq4ByQ"}


def signed(forge, uri, lives):
    claims = {"sub": uri, "iat": "-0", "exp": f"+{lives}", "ttl": 3600, "status_list": STATUSES}
    return {"text": forge.token("rsa", {"typ": "statuslist+jwt"}, claims, drop=("aud",))}


def serve(gateway, issuer):
    """Serve `one`, and `old`, which has ended when this returns; there is no other."""
    for name, lives in (("one", 3600), ("old", 4)):
        issuer.ways[f"/status/{name}"] = signed(gateway.forge, f"{gateway.lists}{name}", lives)
    issuer.ways["/status/none"] = {"status": 404}


def outlive(gateway, issuer):
    """Wait until `old` has ended, which the gateway had before."""
    place = {"idx": 0, "uri": f"{gateway.lists}old"}
    token = gateway.forge.token(set={"status": {"status_list": place}})

    def status():
        return gateway.bearer(token, "/status").status

    assert until(lambda: status() == 200), gateway.log()
    issuer.ways["/status/old"] = {"status": 500}
    assert until(lambda: status() == 503), gateway.log()
