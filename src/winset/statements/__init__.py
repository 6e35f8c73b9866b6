"""From a saved article to statements that a person reviews: nothing enters the evidence unread."""

from winset.statements.article import Article, read_article
from winset.statements.attitudes import Attitude, find_attitudes
from winset.statements.drafting import propose
from winset.statements.endpoint import ask_endpoint
from winset.statements.many import declare_many
from winset.statements.quotations import Quotation, find_quotations
from winset.statements.review import Candidate, Review, read_review, review_text
from winset.statements.rows import StatementRows, offer_instruments, statement_rows
from winset.statements.suggesting import Suggestion, suggest_coding, suggest_stance

__all__ = [
    "Article",
    "Attitude",
    "Candidate",
    "Quotation",
    "Review",
    "StatementRows",
    "Suggestion",
    "ask_endpoint",
    "declare_many",
    "find_attitudes",
    "find_quotations",
    "offer_instruments",
    "propose",
    "read_article",
    "read_review",
    "review_text",
    "statement_rows",
    "suggest_coding",
    "suggest_stance",
]
