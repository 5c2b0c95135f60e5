"""The command `liandan`: one file per group. A file imports what it needs inside the command, so that help is quick."""
