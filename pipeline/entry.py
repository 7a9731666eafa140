"""The `dateline` script: ends quietly at Ctrl-C while the command line is still being imported."""


def main() -> int:
    """Runs `pipeline.cli`; gives the exit status, 130 after Ctrl-C."""
    try:
        from pipeline.cli import main as run
    except KeyboardInterrupt:
        return 130
    return run()
