"""`python -m particle_cli`: the same program as the `particle` command."""

from particle_cli.entrypoints.cli.main import main

raise SystemExit(main())
