"""A run: options, session, rules, places, suppressions, report."""
