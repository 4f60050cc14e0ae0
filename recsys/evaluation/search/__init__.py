"""How well search ranks: judged queries, systems side by side, and sets of queries that are kept."""
