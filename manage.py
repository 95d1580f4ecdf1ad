#!/usr/bin/env python3
"""Django's entry point for the command line; the commands themselves live in advisor/management."""

import os
import sys

from advisor.management.stopping import stoppable

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "advisor.settings")
    with stoppable():
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
