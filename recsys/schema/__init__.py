"""Column names in one place, and the shapes that travel: Request, Knobs, Candidates, Answer.

Tables live at the edges (pandas), arrays inside. Shoppers and items are rows `0..n-1` inside the engine; the
user's own ids appear only in `Request` and `Answer`. Each is defined in a module of its own and taken from here.
"""

from recsys.schema.answer import Answer as Answer
from recsys.schema.answer import Movement as Movement
from recsys.schema.answer import Narrowed as Narrowed
from recsys.schema.answer import RankedItem as RankedItem
from recsys.schema.answer import Stage as Stage
from recsys.schema.answer import shown_parts as shown_parts
from recsys.schema.candidates import Candidates as Candidates
from recsys.schema.candidates import Floats as Floats
from recsys.schema.candidates import Mask as Mask
from recsys.schema.candidates import Rows as Rows
from recsys.schema.columns import *  # noqa: F403
from recsys.schema.knobs import FOLDS as FOLDS
from recsys.schema.knobs import Knobs as Knobs
from recsys.schema.learning import Learning as Learning
from recsys.schema.request import MAX_K as MAX_K
from recsys.schema.request import MAX_QUERY_CHARS as MAX_QUERY_CHARS
from recsys.schema.request import SORTS as SORTS
from recsys.schema.request import Looks as Looks
from recsys.schema.request import Request as Request
from recsys.schema.reranking import MOST_CANDIDATES as MOST_CANDIDATES
from recsys.schema.reranking import RERANKERS as RERANKERS
from recsys.schema.reranking import Reranking as Reranking
