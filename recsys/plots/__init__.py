"""Plain data -> plotly figure. No page is drawn here, and nothing is computed beyond bins and positions."""
