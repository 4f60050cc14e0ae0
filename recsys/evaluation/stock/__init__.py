"""Whether demand of the next weeks can be foretold: rolling origins, against last week and moving averages."""
