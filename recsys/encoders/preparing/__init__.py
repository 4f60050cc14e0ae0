"""The steps that this room declares, a module each, so that none rests on what only another one imports."""
