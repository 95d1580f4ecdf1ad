"""The same engine behind other frameworks, each as its own documentation shows it. Only for measuring."""
