"""Learners that plan ahead: a page now changes whether, and for what, the person comes to the next one."""
