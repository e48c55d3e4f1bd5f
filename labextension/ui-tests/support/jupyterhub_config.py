# SPDX-License-Identifier: Apache-2.0
"""A JupyterHub for the browser tests; hublab.ts writes what is particular to one into $FIRESTEEL_HUB (JSON, 0600)."""

import json
import os
import sys
from pathlib import Path

given = json.loads(Path(os.environ["FIRESTEEL_HUB"]).read_text())

c = get_config()  # noqa: F821
c.JupyterHub.bind_url = f"http://127.0.0.1:{given['port']}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{given['hub_port']}"
c.JupyterHub.db_url = "sqlite://"
c.JupyterHub.cookie_secret_file = given["home"] + "/cookie_secret"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{given['proxy_port']}"
c.ConfigurableHTTPProxy.command = [given["proxy"]]
c.ConfigurableHTTPProxy.pid_file = given["home"] + "/proxy.pid"

c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = given["password"]
c.Authenticator.allowed_users = set(given["users"])

# The tests look after the servers by the hub's API.
c.JupyterHub.services = [{"name": "tests", "api_token": given["token"]}]
c.JupyterHub.load_roles = [
    {
        "name": "tests",
        "scopes": ["list:users", "servers", "access:servers"],
        "services": ["tests"],
    }
]

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = given["home"]
c.Spawner.cmd = [str(Path(sys.executable).parent / "jupyterhub-singleuser")]
c.Spawner.args = ["--allow-root"] if os.getuid() == 0 else []
c.Spawner.notebook_dir = given["folder"]
c.Spawner.environment = given["environment"]
c.Spawner.http_timeout = c.Spawner.start_timeout = 60
