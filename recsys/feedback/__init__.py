"""What people did in the app, kept in a database the moment it happens, under pseudonyms.

SQLite by default, any SQLAlchemy URL by setting. SQLAlchemy itself is imported at the first use: it is not needed to
draw the first screen.
"""

from recsys.feedback.grades import GradeBook
from recsys.feedback.log import KINDS, FeedbackEvent, FeedbackLog
from recsys.feedback.searches import PastSearch, SearchLog

__all__ = ["KINDS", "FeedbackEvent", "FeedbackLog", "GradeBook", "PastSearch", "SearchLog"]
