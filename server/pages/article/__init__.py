"""/article/<slug>: the text of an article with its facts beside it, and the words they rest on."""

from server.pages.article.page import shown

__all__ = ["shown"]
