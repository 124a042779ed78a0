"""`python -m cli`: the `baton` command where no script is installed."""

from cli.main import app

app()
