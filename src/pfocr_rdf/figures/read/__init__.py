"""Pages, tables, archives and records become texts, trees and rows."""
