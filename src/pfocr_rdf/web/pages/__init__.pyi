from . import charts, number_text
from .citations import CITATION_TYPES, release_citations
from .figure_files import FIGURE_FILES, figure_files
from .images import FigureImages, ImageHost
from .links import Links, iri_of, web_address
from .number_text import number, plural
from .read_enrichment import MOST_NAMES, MOST_OF_BACKGROUND, EnrichmentRequest, enrich_view
from .read_entity import entity_view, entity_views
from .read_figure import Around, figure_view, figures_around
from .read_network import network
from .read_paper import paper_view
from .read_question import QuestionAnswer, question_view, questions_view, short_values
from .read_release import about_view, error_view, query_view, read_description
from .read_search import home_view, near, search_view, suggest
from .render import PAGE_POLICY, QUERY_PAGE_POLICY, Renderer
from .views import (
    AboutView,
    Count,
    EntityView,
    ErrorView,
    FigureView,
    FileItem,
    Head,
    HomeView,
    Meant,
    TypedLink,
)

__all__ = [
    "CITATION_TYPES",
    "FIGURE_FILES",
    "MOST_NAMES",
    "MOST_OF_BACKGROUND",
    "PAGE_POLICY",
    "QUERY_PAGE_POLICY",
    "AboutView",
    "Around",
    "Count",
    "EnrichmentRequest",
    "EntityView",
    "ErrorView",
    "FigureImages",
    "FigureView",
    "FileItem",
    "Head",
    "HomeView",
    "ImageHost",
    "Links",
    "Meant",
    "QuestionAnswer",
    "Renderer",
    "TypedLink",
    "about_view",
    "charts",
    "enrich_view",
    "entity_view",
    "entity_views",
    "error_view",
    "figure_files",
    "figure_view",
    "figures_around",
    "home_view",
    "iri_of",
    "near",
    "network",
    "number",
    "number_text",
    "paper_view",
    "plural",
    "query_view",
    "question_view",
    "questions_view",
    "read_description",
    "release_citations",
    "search_view",
    "short_values",
    "suggest",
    "web_address",
]
